"""Money booked.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from shop.money import Money

__all__ = ["ModelMoneyBooked"]


class ModelMoneyBooked(BaseModel):
    """Money booked."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    money: Money
