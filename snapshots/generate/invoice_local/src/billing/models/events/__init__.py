"""The package billing.models.events."""
