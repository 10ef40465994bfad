"""Reader.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from library.models.events.model_book import ModelBook

__all__ = ["ModelReader"]


class ModelReader(BaseModel):
    """Reader."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    card: UUID
    lent: tuple[ModelBook, ...] = ()
