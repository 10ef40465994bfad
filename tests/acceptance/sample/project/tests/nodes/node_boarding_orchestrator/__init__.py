"""Tests of one node."""
