"""The order cannot be fulfilled.

Generated from the `definitions` of the contract: a change belongs
there, not here.
"""

from __future__ import annotations

from uuid import UUID
from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ModelOrderRefused"]


class ModelOrderRefused(BaseModel):
    """The order cannot be fulfilled."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", from_attributes=True
    )

    order_id: UUID
    reason: str = Field(min_length=1)
