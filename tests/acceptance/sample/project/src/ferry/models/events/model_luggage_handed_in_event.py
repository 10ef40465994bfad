"""A passenger hands in luggage."""

from __future__ import annotations

from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ModelLuggageHandedInEvent"]


class ModelLuggageHandedInEvent(BaseModel):
    """A passenger hands in luggage."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    correlation_id: UUID = Field(default_factory=uuid4)
    luggage_id: UUID
