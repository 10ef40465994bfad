"""An event that node_paying_orchestrator emits."""

from __future__ import annotations

from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ModelBillWritten"]


class ModelBillWritten(BaseModel):
    """An event that node_paying_orchestrator emits.

    The fields are yours to add.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    correlation_id: UUID = Field(default_factory=uuid4)
