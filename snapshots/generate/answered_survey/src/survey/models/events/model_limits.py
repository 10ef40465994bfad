"""Limits.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ModelLimits"]


class ModelLimits(BaseModel):
    """Limits."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    fee: Decimal = Field(ge=Decimal("0.50"), lt=Decimal("99.95"))
    tax: Decimal = Field(gt=Decimal(0), le=Decimal(1))
    day: date = Field(
        ge=date.fromisoformat("2024-01-01"), lt=date.fromisoformat("2030-01-01")
    )
    moment: datetime = Field(
        gt=datetime.fromisoformat("2024-01-31T12:00:00Z"),
        le=datetime.fromisoformat("2030-01-01T00:00:00Z"),
    )
    wait: timedelta = Field(ge=timedelta(seconds=1), le=timedelta(seconds=3600))
    pause: timedelta = Field(gt=timedelta(seconds=0), lt=timedelta(seconds=100))
    dozen: int = Field(gt=0, lt=120, multiple_of=12)
    ratio: float = Field(ge=0.25, multiple_of=0.25)
    codes: dict[
        Annotated[str, Field(min_length=2, max_length=2)],
        Annotated[Decimal, Field(ge=Decimal(0))],
    ] = Field(min_length=1, max_length=5)
    picture: bytes | None = Field(default=None, max_length=64)
