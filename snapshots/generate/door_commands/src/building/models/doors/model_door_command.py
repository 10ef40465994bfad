"""What is to be done with a door.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ModelDoorCommand"]


class ModelDoorCommand(BaseModel):
    """What is to be done with a door."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    correlation_id: UUID = Field(default_factory=uuid4)
    door_id: UUID
    requested_by: str = Field(default="porter", max_length=40)
