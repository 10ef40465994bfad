"""Payload of the intent payment.process."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelPaymentProcessIntentPayload"]


class ModelPaymentProcessIntentPayload(BaseModel):
    """Payload of the intent payment.process.

    The fields are yours to add.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    intent_type: Literal["payment.process"] = "payment.process"
