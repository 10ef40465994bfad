"""The nodes of post."""
