"""The package building."""
