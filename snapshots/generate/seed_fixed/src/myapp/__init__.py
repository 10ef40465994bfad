"""The package myapp."""
