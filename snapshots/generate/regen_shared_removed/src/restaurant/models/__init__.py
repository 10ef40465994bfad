"""The package restaurant.models."""
