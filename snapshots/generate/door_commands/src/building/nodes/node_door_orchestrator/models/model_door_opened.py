"""The door is open.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelDoorOpened"]


class ModelDoorOpened(BaseModel):
    """The door is open."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    door_id: UUID
