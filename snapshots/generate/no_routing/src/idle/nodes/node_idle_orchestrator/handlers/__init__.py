"""Handlers of node_idle_orchestrator."""
