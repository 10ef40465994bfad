"""Brings parcels to their doors."""
