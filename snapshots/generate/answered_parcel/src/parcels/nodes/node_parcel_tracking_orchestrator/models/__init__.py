"""Models of node_parcel_tracking_orchestrator."""

from parcels.nodes.node_parcel_tracking_orchestrator.models.model_parcel_located import (
    ModelParcelLocated,
)
from parcels.nodes.node_parcel_tracking_orchestrator.models.model_parcel_lost import (
    ModelParcelLost,
)

__all__ = ["ModelParcelLocated", "ModelParcelLost"]
