"""Tests of node_door_orchestrator."""
