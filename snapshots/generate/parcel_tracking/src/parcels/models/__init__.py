"""The package parcels.models."""
