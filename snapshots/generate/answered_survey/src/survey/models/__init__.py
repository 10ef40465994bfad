"""The package survey.models."""
