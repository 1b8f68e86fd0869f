"""The dataset on disk: the only package that writes Parquet. pyarrow is loaded when rows pass, not before."""

from __future__ import annotations

from newsclean.dataset.checks.verify import verify
from newsclean.dataset.finding import Finding
from newsclean.dataset.form import Form, FormChoice
from newsclean.dataset.held import Batch, BatchNote, BatchState
from newsclean.dataset.layout import SCHEMA_VERSION, TABLES
from newsclean.dataset.record import CommitRecord, PartRecord, RunStamp, SourceRecord
from newsclean.dataset.recovery import Sweep
from newsclean.dataset.shard import Carried, Staged
from newsclean.dataset.store import Dataset

__all__ = [
    "SCHEMA_VERSION",
    "TABLES",
    "Batch",
    "BatchNote",
    "BatchState",
    "Carried",
    "CommitRecord",
    "Dataset",
    "Finding",
    "Form",
    "FormChoice",
    "PartRecord",
    "RunStamp",
    "SourceRecord",
    "Staged",
    "Sweep",
    "verify",
]
