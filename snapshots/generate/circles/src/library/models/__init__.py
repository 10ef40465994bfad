"""The package library.models."""
