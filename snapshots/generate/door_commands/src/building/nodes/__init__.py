"""The nodes of building."""
