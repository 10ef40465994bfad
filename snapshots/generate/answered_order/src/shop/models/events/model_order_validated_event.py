"""Order validated event.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ModelOrderValidatedEvent"]


class ModelOrderValidatedEvent(BaseModel):
    """Order validated event."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    correlation_id: UUID = Field(default_factory=uuid4)
    order_id: UUID
    total: Decimal
