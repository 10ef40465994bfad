# SPDX-FileCopyrightText: 2026 The Library
# SPDX-License-Identifier: MIT
"""The nodes of library."""
