"""The package myapp.models."""
