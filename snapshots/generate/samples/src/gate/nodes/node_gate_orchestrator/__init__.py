"""Lets parcels through the gate."""
