"""Models of node_invoice_orchestrator."""

from billing.nodes.node_invoice_orchestrator.models.model_invoice_opened import (
    ModelInvoiceOpened,
)

__all__ = ["ModelInvoiceOpened"]
