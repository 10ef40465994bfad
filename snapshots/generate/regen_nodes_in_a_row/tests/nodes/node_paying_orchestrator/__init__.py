"""Tests of node_paying_orchestrator."""
