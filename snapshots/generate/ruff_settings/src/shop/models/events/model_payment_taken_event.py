"""The customer's payment went through.

Generated from the `definitions` of the contract: a change belongs
there, not here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4
from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ModelPaymentTakenEvent"]


class ModelPaymentTakenEvent(BaseModel):
    """The customer's payment went through."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", from_attributes=True
    )

    correlation_id: UUID = Field(default_factory=uuid4)
    order_id: UUID
    paid_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
