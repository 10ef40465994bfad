"""The package shop.models."""
