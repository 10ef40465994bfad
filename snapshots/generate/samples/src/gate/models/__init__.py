"""The package gate.models."""

from gate.models.model_parcel_scanned import ModelParcelScanned

__all__ = ["ModelParcelScanned"]
