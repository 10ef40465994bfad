"""What node_print_effect has to know for verdict.print.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelVerdictPrintIntentPayload"]


class ModelVerdictPrintIntentPayload(BaseModel):
    """What node_print_effect has to know for verdict.print."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    intent_type: Literal["verdict.print"] = "verdict.print"
    survey_id: UUID
