"""Payload of the intent reading.store."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelReadingStoreIntentPayload"]


class ModelReadingStoreIntentPayload(BaseModel):
    """Payload of the intent reading.store.

    The fields are yours to add.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    intent_type: Literal["reading.store"] = "reading.store"
