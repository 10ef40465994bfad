"""The nodes of idle."""
