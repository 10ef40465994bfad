"""Handlers of the luggage node."""

from ferry.nodes.node_luggage_orchestrator.handlers.handler_luggage_handed_in import (
    HandlerLuggageHandedIn,
)

__all__ = ["HandlerLuggageHandedIn"]
