"""The package post.models.sending."""

from post.models.sending.model_parcel_sent_event import ModelParcelSentEvent

__all__ = ["ModelParcelSentEvent"]
