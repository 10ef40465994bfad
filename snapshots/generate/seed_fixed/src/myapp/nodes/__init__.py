"""The nodes of myapp."""
