"""Spreads word of delays."""

from ferry.nodes.node_delay_orchestrator.node import NodeDelayOrchestrator

__all__ = ["NodeDelayOrchestrator"]
