"""Models of node_billing_orchestrator."""

from post.nodes.node_billing_orchestrator.models.model_bill_written import (
    ModelBillWritten,
)

__all__ = ["ModelBillWritten"]
