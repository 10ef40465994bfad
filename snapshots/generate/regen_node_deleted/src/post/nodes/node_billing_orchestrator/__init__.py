"""Writes bills for parcels."""
