"""What the ticket node emits."""

from ferry.nodes.node_ticket_orchestrator.models.model_ticket_accepted import ModelTicketAccepted

__all__ = ["ModelTicketAccepted"]
