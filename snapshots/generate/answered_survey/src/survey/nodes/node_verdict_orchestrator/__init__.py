"""Coordinates the verdict workflow."""
