"""Tests of node_till_orchestrator."""
