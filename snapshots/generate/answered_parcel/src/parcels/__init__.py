"""The package parcels."""
