"""Handlers of node_survey_orchestrator."""

from survey.nodes.node_survey_orchestrator.handlers.handler_answer_given import (
    HandlerAnswerGiven,
)

__all__ = ["HandlerAnswerGiven"]
