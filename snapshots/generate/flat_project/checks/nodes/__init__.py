# SPDX-FileCopyrightText: 2026 The Library
# SPDX-License-Identifier: MIT
"""Tests of the nodes."""
