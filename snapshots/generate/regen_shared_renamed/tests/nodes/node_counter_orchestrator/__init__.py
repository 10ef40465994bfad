"""Tests of node_counter_orchestrator."""
