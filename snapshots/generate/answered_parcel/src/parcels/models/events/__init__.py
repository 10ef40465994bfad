"""The package parcels.models.events."""

from parcels.models.events.model_parcel_scanned_event import ModelParcelScannedEvent

__all__ = ["ModelParcelScannedEvent"]
