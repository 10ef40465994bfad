"""Stows luggage."""

from ferry.nodes.node_luggage_orchestrator.node import NodeLuggageOrchestrator

__all__ = ["NodeLuggageOrchestrator"]
