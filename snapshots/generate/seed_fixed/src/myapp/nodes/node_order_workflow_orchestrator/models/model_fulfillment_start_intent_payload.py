"""Payload of the intent fulfillment.start."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelFulfillmentStartIntentPayload"]


class ModelFulfillmentStartIntentPayload(BaseModel):
    """Payload of the intent fulfillment.start.

    The fields are yours to add.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    intent_type: Literal["fulfillment.start"] = "fulfillment.start"
