"""Whose process a command runs in: its own, as from a shell, or one that calls it, as tests and services do."""

from __future__ import annotations

from typing import Final

__all__ = ["OWN_PROCESS"]

OWN_PROCESS: Final = "own process"  # a command's `obj` where the process ends with it
