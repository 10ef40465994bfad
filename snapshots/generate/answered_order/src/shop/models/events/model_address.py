"""Address.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ModelAddress"]


class ModelAddress(BaseModel):
    """Address."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    street: str
    zip_code: str = Field(pattern="^[0-9]{5}$")
