"""The parcel has not been seen where it should be.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelParcelLost"]


class ModelParcelLost(BaseModel):
    """The parcel has not been seen where it should be."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    parcel_id: UUID
    reason: str
