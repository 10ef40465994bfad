"""The nodes of billing."""
