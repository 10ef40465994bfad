"""Handlers of node_verdict_orchestrator."""

from survey.nodes.node_verdict_orchestrator.handlers.handler_survey_closed import (
    HandlerSurveyClosed,
)
from survey.nodes.node_verdict_orchestrator.handlers.handler_verdict_reached import (
    HandlerVerdictReached,
)

__all__ = ["HandlerSurveyClosed", "HandlerVerdictReached"]
