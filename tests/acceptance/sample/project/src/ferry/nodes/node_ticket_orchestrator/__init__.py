"""Checks tickets."""

from ferry.nodes.node_ticket_orchestrator.node import NodeTicketOrchestrator

__all__ = ["NodeTicketOrchestrator"]
