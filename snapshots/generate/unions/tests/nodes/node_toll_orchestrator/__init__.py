"""Tests of node_toll_orchestrator."""
