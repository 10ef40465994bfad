"""Watches sensors and decides when to raise the alarm."""
