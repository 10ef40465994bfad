"""Luggage is stowed."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, ConfigDict

__all__ = ["ModelLuggageStowed"]


class ModelLuggageStowed(BaseModel):
    """Luggage is stowed."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    luggage_id: UUID
