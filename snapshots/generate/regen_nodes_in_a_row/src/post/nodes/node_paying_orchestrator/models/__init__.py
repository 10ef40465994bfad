"""Models of node_paying_orchestrator."""

from post.nodes.node_paying_orchestrator.models.model_bill_written import (
    ModelBillWritten,
)

__all__ = ["ModelBillWritten"]
