"""A crossing will be late."""

from __future__ import annotations

from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ModelDelayAnnouncedEvent"]


class ModelDelayAnnouncedEvent(BaseModel):
    """A crossing will be late."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    correlation_id: UUID = Field(default_factory=uuid4)
    crossing_id: UUID
    minutes: int = Field(ge=1)
