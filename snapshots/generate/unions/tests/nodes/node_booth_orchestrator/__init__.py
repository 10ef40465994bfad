"""Tests of node_booth_orchestrator."""
