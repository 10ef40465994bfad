"""Handlers of the ticket node."""

from ferry.nodes.node_ticket_orchestrator.handlers.handler_ticket_check import HandlerTicketCheck

__all__ = ["HandlerTicketCheck"]
