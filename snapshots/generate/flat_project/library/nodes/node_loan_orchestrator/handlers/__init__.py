# SPDX-FileCopyrightText: 2026 The Library
# SPDX-License-Identifier: MIT
"""Handlers of node_loan_orchestrator."""

from library.nodes.node_loan_orchestrator.handlers.handler_book_returned import HandlerBookReturned

__all__ = ['HandlerBookReturned']
