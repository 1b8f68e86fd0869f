"""Alarms: what a run of a job came to, against what is usual for it."""
