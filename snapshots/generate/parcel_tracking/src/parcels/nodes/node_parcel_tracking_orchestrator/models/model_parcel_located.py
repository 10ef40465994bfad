"""The parcel's whereabouts are known.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelParcelLocated"]


class ModelParcelLocated(BaseModel):
    """The parcel's whereabouts are known."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    parcel_id: UUID
    station_id: UUID
