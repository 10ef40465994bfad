"""Coordinates the order processing workflow."""
