"""The package restaurant."""
