"""Handlers of node_till_orchestrator."""

from shop.nodes.node_till_orchestrator.handlers.handler_money_taken import (
    HandlerMoneyTaken,
)

__all__ = ["HandlerMoneyTaken"]
