"""Tests of node_shipping_orchestrator."""
