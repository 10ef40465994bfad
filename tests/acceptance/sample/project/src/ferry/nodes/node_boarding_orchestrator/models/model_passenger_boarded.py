"""A passenger is aboard."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelPassengerBoarded"]


class ModelPassengerBoarded(BaseModel):
    """A passenger is aboard."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    passenger_id: UUID
    seat: int | None
