"""Handlers of node_meter_orchestrator."""

from metering.nodes.node_meter_orchestrator.handlers.handler_meter_start import (
    HandlerMeterStart,
)
from metering.nodes.node_meter_orchestrator.handlers.handler_meter_stop import (
    HandlerMeterStop,
)

__all__ = ["HandlerMeterStart", "HandlerMeterStop"]
