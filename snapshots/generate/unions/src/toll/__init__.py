"""The package toll."""
