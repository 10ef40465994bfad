"""Toll taken.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelTollTaken"]


class ModelTollTaken(BaseModel):
    """Toll taken."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    axles: int
