"""Tests of toll."""
