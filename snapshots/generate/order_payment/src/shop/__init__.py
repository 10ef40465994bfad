"""The package shop."""
