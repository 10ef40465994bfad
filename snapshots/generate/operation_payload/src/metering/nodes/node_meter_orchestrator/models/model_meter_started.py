"""The meter is running.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelMeterStarted"]


class ModelMeterStarted(BaseModel):
    """The meter is running."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    started_by: str = "operation"
