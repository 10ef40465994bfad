"""Payload of the intent courier.send."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelCourierSendIntentPayload"]


class ModelCourierSendIntentPayload(BaseModel):
    """Payload of the intent courier.send.

    The fields are yours to add.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    intent_type: Literal["courier.send"] = "courier.send"
