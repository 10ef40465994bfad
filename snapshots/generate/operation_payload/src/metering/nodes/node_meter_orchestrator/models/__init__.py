"""Models of node_meter_orchestrator."""

from metering.nodes.node_meter_orchestrator.models.model_meter_started import (
    ModelMeterStarted,
)
from metering.nodes.node_meter_orchestrator.models.model_meter_stopped import (
    ModelMeterStopped,
)
from metering.nodes.node_meter_orchestrator.models.model_reading_store_intent_payload import (
    ModelReadingStoreIntentPayload,
)

__all__ = ["ModelMeterStarted", "ModelMeterStopped", "ModelReadingStoreIntentPayload"]
