"""Coordinates the library workflow."""
