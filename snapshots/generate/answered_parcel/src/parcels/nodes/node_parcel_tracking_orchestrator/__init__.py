"""Coordinates the parcel tracking workflow."""
