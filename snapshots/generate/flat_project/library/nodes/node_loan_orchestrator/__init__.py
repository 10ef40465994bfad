# SPDX-FileCopyrightText: 2026 The Library
# SPDX-License-Identifier: MIT
"""Closes a loan when the book is back."""
