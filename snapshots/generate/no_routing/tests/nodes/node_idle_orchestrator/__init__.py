"""Tests of node_idle_orchestrator."""
