"""One line of an order.

Generated from the `definitions` of the contract: a change belongs
there, not here.
"""

from __future__ import annotations

from decimal import Decimal
from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ModelOrderItem"]


class ModelOrderItem(BaseModel):
    """One line of an order."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", from_attributes=True
    )

    price: Decimal = Field(ge=Decimal(0))
    quantity: int = Field(ge=1, le=999)
