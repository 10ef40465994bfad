"""Runs the booth."""
