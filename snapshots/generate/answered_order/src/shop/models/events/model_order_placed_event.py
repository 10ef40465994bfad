"""Order placed event.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field

from shop.models.events.model_order_item import ModelOrderItem

__all__ = ["ModelOrderPlacedEvent"]


class ModelOrderPlacedEvent(BaseModel):
    """Order placed event."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    correlation_id: UUID = Field(default_factory=uuid4)
    order_id: UUID
    items: tuple[ModelOrderItem, ...] = Field(min_length=1)
    total: Decimal = Field(default=Decimal("0.00"), ge=Decimal(0))
