"""The meter stands still.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ModelMeterStopped"]


class ModelMeterStopped(BaseModel):
    """The meter stands still."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    readings: int = Field(default=0, ge=0)
