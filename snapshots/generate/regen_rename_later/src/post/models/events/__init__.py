"""The package post.models.events."""

from post.models.events.model_letter_posted_event import ModelLetterPostedEvent
from post.models.events.model_parcel_arrived_event import ModelParcelArrivedEvent

__all__ = ["ModelLetterPostedEvent", "ModelParcelArrivedEvent"]
