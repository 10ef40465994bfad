"""Handlers of node_alarm_orchestrator."""

from house.nodes.node_alarm_orchestrator.handlers.handler_alarm_silenced import (
    HandlerAlarmSilenced,
)
from house.nodes.node_alarm_orchestrator.handlers.handler_sensor import HandlerSensor

__all__ = ["HandlerAlarmSilenced", "HandlerSensor"]
