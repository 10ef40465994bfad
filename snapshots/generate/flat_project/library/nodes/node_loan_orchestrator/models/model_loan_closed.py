# SPDX-FileCopyrightText: 2026 The Library
# SPDX-License-Identifier: MIT
"""Loan closed.

Generated from the `definitions` of the contract: a change belongs there, not here.
"""

from uuid import UUID

from pydantic import BaseModel, ConfigDict

__all__ = ['ModelLoanClosed']


class ModelLoanClosed(BaseModel):
    """Loan closed."""

    model_config = ConfigDict(frozen=True, extra='forbid', from_attributes=True)

    book_id: UUID
    days_late: int
