"""The answer is safe.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelAnswerStored"]


class ModelAnswerStored(BaseModel):
    """The answer is safe."""

    model_config = ConfigDict(frozen=False, extra="ignore", from_attributes=True)

    respondent_id: UUID
    rating: int
    labels: list[str] = ["new"]
