"""The crossing may start."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelCrossingReady"]


class ModelCrossingReady(BaseModel):
    """The crossing may start."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    crossing_id: UUID
