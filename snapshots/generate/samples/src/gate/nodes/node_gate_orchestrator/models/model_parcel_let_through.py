"""The gate is open.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from omnibase_core.enums.enum_workflow_status import EnumWorkflowStatus
from pydantic import BaseModel, ConfigDict

__all__ = ["ModelParcelLetThrough"]


class ModelParcelLetThrough(BaseModel):
    """The gate is open."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    code: str
    workflow: EnumWorkflowStatus
    seal: bytes
