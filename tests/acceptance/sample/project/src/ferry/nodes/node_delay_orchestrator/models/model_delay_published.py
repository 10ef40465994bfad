"""The delay is known to all."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelDelayPublished"]


class ModelDelayPublished(BaseModel):
    """The delay is known to all."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    crossing_id: UUID
    minutes: int
