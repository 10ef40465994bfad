"""Barrier opened.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelBarrierOpened"]


class ModelBarrierOpened(BaseModel):
    """Barrier opened."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    plate: str
