# SPDX-FileCopyrightText: 2026 The Library
# SPDX-License-Identifier: MIT
"""Tests of node_loan_orchestrator."""
