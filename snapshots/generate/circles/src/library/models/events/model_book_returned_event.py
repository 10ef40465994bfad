"""Book returned event.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field

from library.models.events.model_book import ModelBook
from library.models.events.model_reader import ModelReader

__all__ = ["ModelBookReturnedEvent"]


class ModelBookReturnedEvent(BaseModel):
    """Book returned event."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    correlation_id: UUID = Field(default_factory=uuid4)
    book: ModelBook
    reader: ModelReader | None = None
