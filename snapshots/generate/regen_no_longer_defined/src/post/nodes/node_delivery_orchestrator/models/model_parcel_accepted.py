"""The post has the parcel."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelParcelAccepted"]


class ModelParcelAccepted(BaseModel):
    """The post has the parcel."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    correlation_id: UUID
    weight: int = 1
    paid: bool = False
