"""The package house.models."""
