"""The nodes of parcels."""
