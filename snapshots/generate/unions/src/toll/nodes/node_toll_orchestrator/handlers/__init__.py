"""Handlers of node_toll_orchestrator."""

from toll.nodes.node_toll_orchestrator.handlers.handler_barrier import HandlerBarrier
from toll.nodes.node_toll_orchestrator.handlers.handler_night import HandlerNight

__all__ = ["HandlerBarrier", "HandlerNight"]
