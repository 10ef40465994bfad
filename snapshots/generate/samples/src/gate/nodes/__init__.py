"""The nodes of gate."""
