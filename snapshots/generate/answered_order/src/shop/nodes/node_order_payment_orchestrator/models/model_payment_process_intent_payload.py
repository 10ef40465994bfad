"""What node_payment_effect has to know for payment.process.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelPaymentProcessIntentPayload"]


class ModelPaymentProcessIntentPayload(BaseModel):
    """What node_payment_effect has to know for payment.process."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    intent_type: Literal["payment.process"] = "payment.process"
    order_id: UUID
    total: Decimal
