"""Answer given event.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field

from survey.models.events.model_limits import ModelLimits
from survey.models.events.model_place import ModelPlace

__all__ = ["ModelAnswerGivenEvent"]


class ModelAnswerGivenEvent(BaseModel):
    """Answer given event."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    correlation_id: UUID = Field(default_factory=uuid4)
    respondent_id: UUID
    answer: str = Field(min_length=1, max_length=2000)
    rating: int = Field(ge=1, le=5)
    score: float = Field(default=1.0, gt=0.0, lt=10.5)
    share: Decimal | None = Field(default=None, multiple_of=0.01)
    final: bool = False
    weights: tuple[float, ...] = Field(min_length=2)
    tags: tuple[Annotated[str, Field(min_length=1, max_length=40)], ...] = ()
    labels: tuple[str, ...] = ("new", "it's")
    places: tuple[ModelPlace, ...] = ()
    origin: ModelPlace | None = None
    counts: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    by_day: dict[date, tuple[int, ...]] = Field(default_factory=dict)
    extras: dict[str, object] = Field(default_factory=dict)
    anything: object = None
    severity: Literal["low", "high"] = "low"
    level: Literal[1, 2, 3] = 2
    token: UUID = Field(default_factory=uuid4)
    given_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    due: date = date.fromisoformat("2024-02-29")
    took: timedelta = timedelta(seconds=60)
    digest: bytes = Field(default=b"a", min_length=1, max_length=64)
    zip_code: str = Field(default="00000", pattern="^[0-9]{5}$")
    on: bool | None = None
    limits: ModelLimits | None = None
