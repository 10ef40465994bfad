"""Survey closed event.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ModelSurveyClosedEvent"]


class ModelSurveyClosedEvent(BaseModel):
    """Survey closed event."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    correlation_id: UUID = Field(default_factory=uuid4)
    survey_id: UUID
    answers: tuple[UUID, ...]
