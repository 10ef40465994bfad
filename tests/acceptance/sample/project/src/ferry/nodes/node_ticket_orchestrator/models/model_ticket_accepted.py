"""A ticket is accepted."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelTicketAccepted"]


class ModelTicketAccepted(BaseModel):
    """A ticket is accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    remarks: int
