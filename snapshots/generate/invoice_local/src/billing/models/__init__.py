"""The package billing.models."""
