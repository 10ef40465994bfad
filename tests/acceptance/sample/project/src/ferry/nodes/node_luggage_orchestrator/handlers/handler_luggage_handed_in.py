"""Stows luggage."""

from __future__ import annotations

from ferry.models.events import ModelLuggageHandedInEvent
from ferry.nodes.node_luggage_orchestrator.models import ModelLuggageStowed

__all__ = ["HandlerLuggageHandedIn"]


class HandlerLuggageHandedIn:
    """Says that the luggage is stowed: typed event in, typed event out."""

    async def handle(self, request: ModelLuggageHandedInEvent) -> ModelLuggageStowed:
        """Stow it."""
        return ModelLuggageStowed(luggage_id=request.luggage_id)
