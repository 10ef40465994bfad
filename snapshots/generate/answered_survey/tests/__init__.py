"""Tests of survey."""
