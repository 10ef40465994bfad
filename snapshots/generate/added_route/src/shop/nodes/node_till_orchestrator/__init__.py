"""Coordinates the till workflow."""
