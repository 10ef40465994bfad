"""What the node emits."""

from ferry.nodes.node_boarding_orchestrator.models.model_passenger_boarded import (
    ModelPassengerBoarded,
)

__all__ = ["ModelPassengerBoarded"]
