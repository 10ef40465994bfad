"""Models of node_shipping_orchestrator."""
