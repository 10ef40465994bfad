"""The package library.models.events."""

from library.models.events.model_author import ModelAuthor
from library.models.events.model_book import ModelBook
from library.models.events.model_book_returned_event import ModelBookReturnedEvent
from library.models.events.model_chapter import ModelChapter
from library.models.events.model_reader import ModelReader

__all__ = [
    "ModelAuthor",
    "ModelBook",
    "ModelBookReturnedEvent",
    "ModelChapter",
    "ModelReader",
]
