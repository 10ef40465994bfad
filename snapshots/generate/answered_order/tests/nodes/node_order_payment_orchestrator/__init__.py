"""Tests of node_order_payment_orchestrator."""
