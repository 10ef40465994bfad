"""Chapter.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from library.models.events.model_book import ModelBook

__all__ = ["ModelChapter"]


class ModelChapter(BaseModel):
    """Chapter."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    heading: str
    part_of: "ModelBook | None" = None
    after: "ModelChapter | None" = None


# Models that hold each other are made whole once all of them are there.
ModelChapter.model_rebuild(
    _types_namespace={
        "ModelAuthor": import_module("library.models.events.model_author").ModelAuthor,
        "ModelBook": import_module("library.models.events.model_book").ModelBook,
    }
)
