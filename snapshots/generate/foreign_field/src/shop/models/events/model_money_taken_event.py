"""Money taken event.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field

from shop.money import Money

__all__ = ["ModelMoneyTakenEvent"]


class ModelMoneyTakenEvent(BaseModel):
    """Money taken event."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    correlation_id: UUID = Field(default_factory=uuid4)
    money: Money
