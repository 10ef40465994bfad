"""Tests of node_verdict_orchestrator."""
