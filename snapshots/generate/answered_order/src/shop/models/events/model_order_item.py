"""Order item.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from shop.models.events.model_address import ModelAddress

__all__ = ["ModelOrderItem"]


class ModelOrderItem(BaseModel):
    """Order item."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    price: Decimal = Field(ge=Decimal(0))
    quantity: int = Field(default=1, ge=1, le=999)
    address: ModelAddress | None = None
