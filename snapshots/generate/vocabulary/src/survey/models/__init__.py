"""The package survey.models."""

from survey.models.model_answer_given_event import ModelAnswerGivenEvent
from survey.models.model_place import ModelPlace

__all__ = ["ModelAnswerGivenEvent", "ModelPlace"]
