"""The events that come from outside."""

from ferry.models.events.model_boarding_closed_event import ModelBoardingClosedEvent
from ferry.models.events.model_booking_requested_event import ModelBookingRequestedEvent
from ferry.models.events.model_delay_announced_event import ModelDelayAnnouncedEvent
from ferry.models.events.model_luggage_handed_in_event import ModelLuggageHandedInEvent
from ferry.models.events.model_passenger_arrived_event import ModelPassengerArrivedEvent

__all__ = [
    "ModelBoardingClosedEvent",
    "ModelBookingRequestedEvent",
    "ModelDelayAnnouncedEvent",
    "ModelLuggageHandedInEvent",
    "ModelPassengerArrivedEvent",
]
