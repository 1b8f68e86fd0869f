"""What somebody decides about batches that are held, and about alarms."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from newsclean.dataset import Dataset, held
from newsclean.errors import ConfigError, DatasetError
from newsclean.schedule.glance import may_be_dataset
from newsclean.schedule.ledger import Ledger
from newsclean.schedule.records import AlarmState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from newsclean.dataset import Batch
    from newsclean.schedule.records import Alarm

__all__ = ["accept", "datasets_of", "drop", "held_batches", "open_ledger", "project_ledger", "release"]


def datasets_of(folder: Path, named: Path | None) -> list[Path]:
    """Return the dataset that was named, else those of the project's jobs and `clean/`, as far as they are there."""
    if named is not None:
        return [named]
    from newsclean.schedule.jobs import load_jobs  # noqa: PLC0415  (reads and checks newsclean.toml)

    paths = [*(job.output for job in load_jobs(folder).jobs.values()), folder / "clean"]
    return sorted({path.resolve() for path in paths if may_be_dataset(path)})


def open_ledger(folder: Path) -> Ledger | None:
    """Open the ledger of the project in `folder`; None where no job was ever run."""
    from newsclean.schedule.jobs import load_jobs  # noqa: PLC0415  (reads and checks newsclean.toml)

    path = load_jobs(folder).ledger_path
    return Ledger(path) if path.exists() else None


@contextmanager
def project_ledger(folder: Path) -> Iterator[Ledger | None]:
    """Give the block what `open_ledger` returns, and close it."""
    ledger = open_ledger(folder)
    try:
        yield ledger
    finally:
        if ledger is not None:
            ledger.close()


def held_batches(datasets: Sequence[Path]) -> list[tuple[Path, Batch]]:
    """Return the batches of some datasets, each with its dataset."""
    found = []
    for path in datasets:
        with Dataset.open(path, create=False) as dataset:
            found += [(path, batch) for batch in held.batches_of(dataset)]
    return found


def release(datasets: Sequence[Path], batch_id: str, ledger: Ledger | None, *, is_usual: bool = False) -> Batch:
    """Let a batch into its dataset; `is_usual`: what its alarms were about is usual from now on."""
    with _dataset_with(datasets, batch_id) as dataset:
        batch = held.release(dataset, batch_id)
    _settle(batch, ledger, AlarmState.ACKNOWLEDGED if is_usual else AlarmState.RELEASED)
    return batch


def drop(datasets: Sequence[Path], batch_id: str, ledger: Ledger | None, *, clean_again: bool = False) -> Batch:
    """Throw a batch away: see `held.drop`."""
    with _dataset_with(datasets, batch_id) as dataset:
        batch = held.drop(dataset, batch_id, clean_again=clean_again)
    _settle(batch, ledger, AlarmState.DROPPED)
    return batch


def accept(ledger: Ledger, job: str, numbers: Sequence[int] = ()) -> list[Alarm]:
    """Take what the open alarms of a job (those of these numbers) are about for usual from now on; return them."""
    found = ledger.alarms(job, states=[AlarmState.OPEN], limit=10_000)
    if numbers:
        missing = sorted(set(numbers) - {one.number for one in found})
        if missing:
            raise ConfigError(f"{job}: there is no open alarm {missing[0]}; `newsclean alarms list {job}` shows them")
        found = [one for one in found if one.number in numbers]
    for one in found:
        ledger.set_alarm_state(one.number, AlarmState.ACKNOWLEDGED)
    return found


def _dataset_with(datasets: Sequence[Path], batch_id: str) -> Dataset:
    with ExitStack() as stack:
        for path in datasets:
            dataset = stack.enter_context(Dataset.open(path, create=False))
            if any(batch.batch_id == batch_id for batch in held.batches_of(dataset)):
                stack.pop_all()
                return dataset
    there = [batch.batch_id for _, batch in held_batches(datasets)]
    known = f"held are {', '.join(there)}" if there else "nothing is held"
    raise DatasetError(f"{batch_id}: no such batch; {known}")


def _settle(batch: Batch, ledger: Ledger | None, state: AlarmState) -> None:
    if ledger is not None and batch.note.job is not None and batch.note.run is not None:
        for one in ledger.alarms(batch.note.job, run=batch.note.run, states=[AlarmState.OPEN]):
            ledger.set_alarm_state(one.number, state)
