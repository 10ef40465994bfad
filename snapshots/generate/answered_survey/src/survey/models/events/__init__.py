"""The package survey.models.events."""

from survey.models.events.model_answer_given_event import ModelAnswerGivenEvent
from survey.models.events.model_limits import ModelLimits
from survey.models.events.model_place import ModelPlace
from survey.models.events.model_survey_closed_event import ModelSurveyClosedEvent
from survey.models.events.model_verdict_reached_event import ModelVerdictReachedEvent

__all__ = [
    "ModelAnswerGivenEvent",
    "ModelLimits",
    "ModelPlace",
    "ModelSurveyClosedEvent",
    "ModelVerdictReachedEvent",
]
