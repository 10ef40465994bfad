"""The order can be fulfilled as it is.

Generated from the `definitions` of the contract: a change belongs
there, not here.
"""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID
from pydantic import BaseModel, ConfigDict

__all__ = ["ModelOrderValidated"]


class ModelOrderValidated(BaseModel):
    """The order can be fulfilled as it is."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", from_attributes=True
    )

    order_id: UUID
    customer_id: UUID | None = None
    total: Decimal
