"""Payload of the intent barrier.open."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelBarrierOpenIntentPayload"]


class ModelBarrierOpenIntentPayload(BaseModel):
    """Payload of the intent barrier.open.

    The fields are yours to add.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    intent_type: Literal["barrier.open"] = "barrier.open"
