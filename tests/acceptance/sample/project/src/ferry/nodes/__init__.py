"""The nodes of the ferry line."""
