"""Tests of node_meter_orchestrator."""
