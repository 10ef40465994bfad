"""Tests of myapp."""
