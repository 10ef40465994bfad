"""Tests of node_parcel_tracking_orchestrator."""
