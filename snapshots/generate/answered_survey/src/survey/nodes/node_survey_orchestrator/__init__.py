"""Coordinates the survey workflow."""
