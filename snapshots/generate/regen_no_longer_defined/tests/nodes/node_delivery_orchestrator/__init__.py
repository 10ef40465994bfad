"""Tests of node_delivery_orchestrator."""
