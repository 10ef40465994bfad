"""Lets passengers aboard."""

from ferry.nodes.node_boarding_orchestrator.node import NodeBoardingOrchestrator

__all__ = ["NodeBoardingOrchestrator"]
