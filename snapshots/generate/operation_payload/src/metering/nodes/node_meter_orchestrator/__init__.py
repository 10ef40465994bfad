"""Starts and stops meters on readings whose shape it does not know."""
