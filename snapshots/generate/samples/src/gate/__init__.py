"""The package gate."""
