"""Handlers of node_booth_orchestrator."""

from toll.nodes.node_booth_orchestrator.handlers.handler_booth import HandlerBooth

__all__ = ["HandlerBooth"]
