"""Alarms: what a run of a job came to, against what is usual for it, and what is done about it.

`newsclean run` calls `CHECKS` once its pages are cleaned, then `act`, with alarms or without.
"""

from __future__ import annotations

from newsclean.schedule.alarms.checking import act, check, clean_options
from newsclean.schedule.alarms.options import check_options

__all__ = ["CHECKS", "act", "check_options", "clean_options"]

CHECKS = (check,)
