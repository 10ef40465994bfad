"""The package idle."""
