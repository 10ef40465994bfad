"""The package post.models.events."""

from post.models.events.model_billable_parcel import ModelBillableParcel
from post.models.events.model_parcel_arrived_event import ModelParcelArrivedEvent
from post.models.events.model_parcel_sent_event import ModelParcelSentEvent

__all__ = ["ModelBillableParcel", "ModelParcelArrivedEvent", "ModelParcelSentEvent"]
