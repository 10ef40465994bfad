"""Book.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from library.models.events.model_author import ModelAuthor
    from library.models.events.model_chapter import ModelChapter

__all__ = ["ModelBook"]


class ModelBook(BaseModel):
    """Book."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    title: str
    author: "ModelAuthor | None" = None
    chapters: "tuple[ModelChapter, ...]" = ()


# Models that hold each other are made whole once all of them are there.
ModelBook.model_rebuild(
    _types_namespace={
        "ModelAuthor": import_module("library.models.events.model_author").ModelAuthor,
        "ModelChapter": import_module(
            "library.models.events.model_chapter"
        ).ModelChapter,
    }
)
