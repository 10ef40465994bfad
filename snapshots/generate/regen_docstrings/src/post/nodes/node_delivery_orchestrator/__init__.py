"""Brings parcels and letters to their doors."""
