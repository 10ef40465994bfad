"""The nodes of shop."""
