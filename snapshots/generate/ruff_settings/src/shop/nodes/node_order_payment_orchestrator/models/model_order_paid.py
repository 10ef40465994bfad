"""The order is paid for.

Generated from the `definitions` of the contract: a change belongs
there, not here.
"""

from __future__ import annotations

from uuid import UUID
from pydantic import BaseModel, ConfigDict

__all__ = ["ModelOrderPaid"]


class ModelOrderPaid(BaseModel):
    """The order is paid for."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", from_attributes=True
    )

    order_id: UUID
