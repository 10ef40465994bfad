"""The booking holds."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelBookingConfirmed"]


class ModelBookingConfirmed(BaseModel):
    """The booking holds."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    correlation_id: UUID
    booking_id: UUID
    places: int
