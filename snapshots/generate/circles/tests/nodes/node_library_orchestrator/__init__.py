"""Tests of node_library_orchestrator."""
