"""The nodes of restaurant."""
