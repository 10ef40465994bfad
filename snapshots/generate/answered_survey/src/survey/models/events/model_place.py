"""Place.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ModelPlace"]


class ModelPlace(BaseModel):
    """Place."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    latitude: float = Field(ge=-90.0, le=90.0)
    longitude: float = Field(ge=-180.0, le=180.0)
    parent: ModelPlace | None = None
