"""The nodes of library."""
