"""The nodes of house."""
