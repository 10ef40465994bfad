"""The nodes of toll."""
