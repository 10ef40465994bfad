"""A parcel lies under the scanner.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from omnibase_core.enums.enum_workflow_status import EnumWorkflowStatus
from omnibase_core.models.primitives.model_semver import ModelSemVer
from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ModelParcelScanned"]


class ModelParcelScanned(BaseModel):
    """A parcel lies under the scanner."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    code: str = Field(pattern="^[A-Z]{3}-\\d{4}$")
    shelf: str = Field(min_length=9, max_length=12, pattern="^[a-z]+$")
    workflow: EnumWorkflowStatus
    seen_by: dict[str, int] = Field(min_length=2)
    seal: bytes = Field(min_length=4)
    weights: tuple[Annotated[Decimal, Field(gt=Decimal("1.5"), le=Decimal(3))], ...] = (
        Field(min_length=1)
    )
    shelves: dict[UUID, Annotated[str, Field(pattern="^x+$")]] = Field(min_length=1)
    version: ModelSemVer
    due: date
    ready: datetime
    wait: timedelta = Field(gt=timedelta(seconds=2.5))
    price: Decimal = Field(ge=Decimal("12.5"))
    labels: tuple[Literal["fragile"], ...] = Field(min_length=1)
