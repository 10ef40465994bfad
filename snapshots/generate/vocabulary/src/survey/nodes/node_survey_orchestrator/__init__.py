"""Collects the answers of a survey."""
