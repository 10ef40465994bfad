"""Tests of restaurant."""
