# SPDX-FileCopyrightText: 2026 The Library
# SPDX-License-Identifier: MIT
"""Models of node_loan_orchestrator."""

from library.nodes.node_loan_orchestrator.models.model_loan_closed import ModelLoanClosed

__all__ = ['ModelLoanClosed']
