"""The booking does not hold."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelBookingRefused"]


class ModelBookingRefused(BaseModel):
    """The booking does not hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    booking_id: UUID
    reason: str
