"""Models of node_verdict_orchestrator."""

from survey.nodes.node_verdict_orchestrator.models.model_verdict_print_intent_payload import (
    ModelVerdictPrintIntentPayload,
)
from survey.nodes.node_verdict_orchestrator.models.model_verdict_published import (
    ModelVerdictPublished,
)

__all__ = ["ModelVerdictPrintIntentPayload", "ModelVerdictPublished"]
