"""The package post."""
