"""Tests of node_billing_orchestrator."""
