"""A passenger asks for a place."""

from __future__ import annotations

from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ModelBookingRequestedEvent"]


class ModelBookingRequestedEvent(BaseModel):
    """A passenger asks for a place."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    correlation_id: UUID = Field(default_factory=uuid4)
    booking_id: UUID
    passengers: tuple[UUID, ...] = ()
    note: str | None = None
