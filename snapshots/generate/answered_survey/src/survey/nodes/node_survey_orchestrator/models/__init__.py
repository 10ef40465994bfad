"""Models of node_survey_orchestrator."""

from survey.nodes.node_survey_orchestrator.models.model_answer_stored import (
    ModelAnswerStored,
)

__all__ = ["ModelAnswerStored"]
