"""Tests of post."""
