"""Handlers of the delay node."""

from ferry.nodes.node_delay_orchestrator.handlers.handler_delay_announced import (
    HandlerDelayAnnounced,
)

__all__ = ["HandlerDelayAnnounced"]
