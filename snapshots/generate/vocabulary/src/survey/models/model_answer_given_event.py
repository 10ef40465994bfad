"""Somebody answered a question.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID, uuid4

from omnibase_core.enums.enum_node_kind import EnumNodeKind
from pydantic import BaseModel, ConfigDict, Field

from survey.models.model_place import ModelPlace

__all__ = ["ModelAnswerGivenEvent"]


class ModelAnswerGivenEvent(BaseModel):
    """Somebody answered a question.

    The "answer" itself is free text; a backslash \\ and three quotes \"\"\" in it harm
    nobody.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    correlation_id: UUID = Field(default_factory=uuid4)
    respondent_id: UUID = Field(description="Who answered")
    answer: str = Field(
        min_length=1, max_length=2000, description='What they said, "verbatim"'
    )
    rating: int = Field(ge=1, le=5)
    score: float = Field(default=1.0, gt=0.0, lt=10.5)
    share: Decimal | None = Field(default=None, multiple_of=0.01)
    final: bool = False
    weights: tuple[float, ...] = Field(min_length=2)
    tags: tuple[str, ...] = ()
    places: tuple[ModelPlace, ...] = ()
    origin: ModelPlace | None = None
    counts: dict[str, int] = Field(default_factory=dict)
    notes: dict[str, str] = Field(default_factory=dict)
    extras: dict[str, object] = Field(default_factory=dict)
    severity: Literal["low", "high"] = "low"
    node_kind: EnumNodeKind = EnumNodeKind("orchestrator")
    category: Annotated[
        str, Field(description="Strict validation wants no bare string here")
    ]
    given_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    zip_code: str = Field(default="00000", pattern="^[0-9]{5}$")
    # TODO: Has to carry a timezone.
    reviewed_at: datetime | None = None
