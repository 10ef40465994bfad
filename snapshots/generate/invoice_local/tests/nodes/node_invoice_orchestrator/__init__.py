"""Tests of node_invoice_orchestrator."""
