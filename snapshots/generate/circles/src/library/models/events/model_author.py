"""Author.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from library.models.events.model_book import ModelBook

__all__ = ["ModelAuthor"]


class ModelAuthor(BaseModel):
    """Author."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    full: str
    books: "tuple[ModelBook, ...]" = ()
    peers: "dict[str, ModelAuthor]" = Field(default_factory=dict)


# Models that hold each other are made whole once all of them are there.
ModelAuthor.model_rebuild(
    _types_namespace={
        "ModelBook": import_module("library.models.events.model_book").ModelBook,
        "ModelChapter": import_module(
            "library.models.events.model_chapter"
        ).ModelChapter,
    }
)
