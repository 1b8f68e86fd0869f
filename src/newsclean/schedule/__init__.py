"""Spiders on schedule, unattended: jobs, the slots they are due at, the ledger of their runs, and what starts them.

jobs -> slots -> deciding -> ticking (serving repeats it) -> `newsclean run JOB`, a process of its own -> ledger
"""
