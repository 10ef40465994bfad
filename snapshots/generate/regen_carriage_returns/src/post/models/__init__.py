"""The package post.models."""
