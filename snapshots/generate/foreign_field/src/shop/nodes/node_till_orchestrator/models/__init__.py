"""Models of node_till_orchestrator."""

from shop.nodes.node_till_orchestrator.models.model_money_booked import ModelMoneyBooked

__all__ = ["ModelMoneyBooked"]
