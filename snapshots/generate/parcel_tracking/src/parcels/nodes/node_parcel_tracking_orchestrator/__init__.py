"""Follows a parcel from scan to scan."""
