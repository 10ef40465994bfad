"""A passenger stands at the gate."""

from __future__ import annotations

from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ModelPassengerArrivedEvent"]


class ModelPassengerArrivedEvent(BaseModel):
    """A passenger stands at the gate."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    correlation_id: UUID = Field(default_factory=uuid4)
    passenger_id: UUID
    seat: int | None = None
