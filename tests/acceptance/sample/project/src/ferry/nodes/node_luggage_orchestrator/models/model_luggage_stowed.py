"""Luggage is stowed."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ModelLuggageStowed"]


class ModelLuggageStowed(BaseModel):
    """Luggage is stowed."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    luggage_id: UUID
    weight: float = Field(default=0.0, ge=0)
    deck: Literal["upper", "lower"] = "lower"
    labels: tuple[Annotated[str, Field(pattern="^[A-Z]+$")], ...] = Field(default=(), max_length=3)
