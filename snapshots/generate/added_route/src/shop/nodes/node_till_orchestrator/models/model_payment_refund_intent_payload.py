"""What node_payment_effect has to know for payment.refund.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelPaymentRefundIntentPayload"]


class ModelPaymentRefundIntentPayload(BaseModel):
    """What node_payment_effect has to know for payment.refund."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    intent_type: Literal["payment.refund"] = "payment.refund"
    sale_id: UUID
