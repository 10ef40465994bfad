"""Handlers of node_library_orchestrator."""

from library.nodes.node_library_orchestrator.handlers.handler_book_returned import (
    HandlerBookReturned,
)

__all__ = ["HandlerBookReturned"]
