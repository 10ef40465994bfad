"""Models of node_alarm_orchestrator."""

from house.nodes.node_alarm_orchestrator.models.model_alarm_ignored import (
    ModelAlarmIgnored,
)
from house.nodes.node_alarm_orchestrator.models.model_alarm_raised import (
    ModelAlarmRaised,
)
from house.nodes.node_alarm_orchestrator.models.model_gas_detected_event import (
    ModelGasDetectedEvent,
)
from house.nodes.node_alarm_orchestrator.models.model_siren_start_intent_payload import (
    ModelSirenStartIntentPayload,
)
from house.nodes.node_alarm_orchestrator.models.model_smoke_detected_event import (
    ModelSmokeDetectedEvent,
)

__all__ = [
    "ModelAlarmIgnored",
    "ModelAlarmRaised",
    "ModelGasDetectedEvent",
    "ModelSirenStartIntentPayload",
    "ModelSmokeDetectedEvent",
]
