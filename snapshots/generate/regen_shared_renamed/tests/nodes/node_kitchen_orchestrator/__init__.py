"""Tests of node_kitchen_orchestrator."""
