"""The last passenger of a crossing is aboard."""

from __future__ import annotations

from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ModelBoardingClosedEvent"]


class ModelBoardingClosedEvent(BaseModel):
    """The last passenger of a crossing is aboard."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    correlation_id: UUID = Field(default_factory=uuid4)
    crossing_id: UUID
