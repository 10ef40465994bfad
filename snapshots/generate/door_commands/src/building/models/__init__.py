"""The package building.models."""
