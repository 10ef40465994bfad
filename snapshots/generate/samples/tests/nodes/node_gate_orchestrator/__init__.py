"""Tests of node_gate_orchestrator."""
