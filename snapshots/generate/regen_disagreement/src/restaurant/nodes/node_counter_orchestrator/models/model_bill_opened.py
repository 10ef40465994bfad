"""A bill waits at the counter.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelBillOpened"]


class ModelBillOpened(BaseModel):
    """A bill waits at the counter."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    table: int
