"""Handlers of node_shipping_orchestrator."""
