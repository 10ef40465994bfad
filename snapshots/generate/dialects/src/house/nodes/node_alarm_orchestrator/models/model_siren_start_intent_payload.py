"""Payload of the intent siren.start."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelSirenStartIntentPayload"]


class ModelSirenStartIntentPayload(BaseModel):
    """Payload of the intent siren.start.

    The fields are yours to add.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    intent_type: Literal["siren.start"] = "siren.start"
