"""What the fare is charged for."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelFareChargeIntentPayload"]


class ModelFareChargeIntentPayload(BaseModel):
    """What the fare is charged for."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    intent_type: Literal["fare.charge"] = "fare.charge"
    booking_id: UUID
    places: int
