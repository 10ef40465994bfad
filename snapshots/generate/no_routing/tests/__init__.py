"""Tests of idle."""
