"""What becomes of the rows of a run: kept back while it is checked, then let into the dataset, or held."""

from __future__ import annotations

import datetime as dt
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from newsclean.dataset import Batch, BatchNote, BatchState, Dataset, held
from newsclean.dataset.layout import Layout
from newsclean.errors import DatasetError
from newsclean.schedule.dataset_turn import dataset_turn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsclean.schedule.records import Alarm, RunFacts

__all__ = ["batch_for", "decide", "has_dataset", "open_batch_of", "turn"]

_LOOK_S: Final = 0.2
_PATIENCE_S: Final = 1800.0


def batch_for(facts: RunFacts) -> str:
    """Return the id of the batch that this run's rows go to: one of the job that was not decided yet, or a new one."""
    with Dataset.open(facts.output, create=True) as dataset:
        found = open_batch_of(dataset, facts.run.job)
        if found is not None:
            return found.batch_id
        batch_id = f"{facts.run.job}-r{facts.run.run}"
        note = BatchNote(state=BatchState.OPEN, begun_at=dt.datetime.now(dt.UTC), job=facts.run.job, run=facts.run.run)
        held.open_batch(dataset, batch_id, note).close()
        return batch_id


@contextmanager
def turn(facts: RunFacts) -> Iterator[None]:
    """Wait, half an hour at most, until nobody else writes to the run's dataset."""
    patience = time.monotonic() + _PATIENCE_S

    def wait() -> None:
        if time.monotonic() > patience:
            raise DatasetError(f"{facts.output}: somebody else writes to it all the time; the run is to be made again")
        time.sleep(_LOOK_S)

    with dataset_turn(facts.state, facts.output, wait=wait):
        yield


def has_dataset(facts: RunFacts) -> bool:
    """Whether the run's dataset is there; a spider that never found anything has none."""
    return Layout(facts.output).marker.exists()


def open_batch_of(dataset: Dataset, job: str) -> Batch | None:
    """Return the batch of a job that is being filled, or was when a run of it was killed."""
    states = {BatchState.OPEN, BatchState.RELEASING}
    found = [one for one in held.batches_of(dataset) if one.note.job == job and one.note.state in states]
    return found[0] if found else None


def decide(facts: RunFacts, alarms: Sequence[Alarm]) -> str | None:
    """Let the job's open batch into the dataset, or hold it where there are alarms; return the id of a held one.

    A batch without articles is not held: there is nothing in it that `articles` would be spared.
    """
    if not has_dataset(facts) or not (facts.on_alarm == "hold" or _is_left(facts)):
        return None
    with turn(facts), Dataset.open(facts.output, create=False) as dataset:
        held.tidy(dataset)
        batch = open_batch_of(dataset, facts.run.job)
        if batch is None:
            return None
        may_hold = facts.on_alarm == "hold" and batch.note.state is BatchState.OPEN
        is_held = may_hold and bool(alarms) and batch.articles > 0
        if not is_held:
            held.release(dataset, batch.batch_id)
            return None
        sentences = tuple(one.sentence for one in alarms)
        note = replace(batch.note, state=BatchState.HELD, run=facts.run.run, alarms=sentences)
        held.note_batch(dataset, batch.batch_id, note)
        return batch.batch_id


def _is_left(facts: RunFacts) -> bool:
    """Whether there is a batch from the time when the job still held them back."""
    with Dataset.open(facts.output, create=False) as dataset:
        return open_batch_of(dataset, facts.run.job) is not None
