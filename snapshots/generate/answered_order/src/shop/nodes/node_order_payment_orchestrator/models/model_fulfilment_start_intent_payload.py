"""What node_fulfilment_effect has to know for fulfilment.start.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelFulfilmentStartIntentPayload"]


class ModelFulfilmentStartIntentPayload(BaseModel):
    """What node_fulfilment_effect has to know for fulfilment.start."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    intent_type: Literal["fulfilment.start"] = "fulfilment.start"
    order_id: UUID
    express: bool
