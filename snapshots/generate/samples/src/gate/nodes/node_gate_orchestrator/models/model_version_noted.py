"""Somebody wrote the version down.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ModelVersionNoted"]


class ModelVersionNoted(BaseModel):
    """Somebody wrote the version down."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    noted_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
