"""Tests of node_order_workflow_orchestrator."""
