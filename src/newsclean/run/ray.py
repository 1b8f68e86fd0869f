"""The Ray runner: one task a shard, on as many machines as Ray has; commits are made by this process alone.

Ray brings the tasks to the machines and repeats those whose machine is lost; a task may thus run
twice, or still run when nobody waits for it any more. So each attempt writes under a name of its own,
and only the one whose answer arrives is given the shard's name and committed: exactly once. All
machines see input and dataset under the same paths (a network file system, or one machine).
"""

from __future__ import annotations

import os
import uuid
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from newsclean.errors import ConfigError, NewscleanError, RunError
from newsclean.run.local import run_in_processes
from newsclean.run.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from newsclean.run.shard import Shard, ShardResult
    from newsclean.run.worker import Setup

    Commit = Callable[[Shard, ShardResult], None]
    OnProgress = Callable[[int, int, int], None]
    ShouldStop = Callable[[], bool]

__all__ = ["run_on_ray"]

_TICK_S: Final = 0.2
_RETRIES: Final = 5  # of a task whose machine or process is lost
# More tasks than cores, so that none waits for the next one; not all at once, so that a stop is soon over.
_WINDOW_A_CORE: Final = 2
_LEAST_WINDOW: Final = 4


def run_on_ray(
    shards: Iterable[Shard],
    setup: Setup,
    *,
    address: str | None,
    commit: Commit,
    on_progress: OnProgress,
    should_stop: ShouldStop,
) -> None:
    """Clean the shards on the Ray cluster at `address` (None: one on this machine) and commit them as they come in.

    `commit` gets the rows under the shard's own name. Raises ConfigError where Ray is not installed
    or cannot be reached, RunError where a shard is lost more often than Ray repeats it, and the
    error that kept a task from writing.
    """
    ray = _ray()
    was_up = ray.is_initialized()
    if not was_up:
        _connect(ray, address)
    try:
        _run(ray, deque(shards), setup, commit=commit, on_progress=on_progress, should_stop=should_stop)
    finally:
        if not was_up:
            ray.shutdown()


def _ray() -> Any:
    try:
        import ray  # noqa: PLC0415  (an extra, and heavy)
    except ImportError as error:
        raise ConfigError(f"the Ray runner needs Ray ({error}): pip install 'newsclean[ray]'") from error
    return ray


def _connect(ray: Any, address: str | None) -> None:
    try:
        ray.init(address=address, log_to_driver=False, configure_logging=False, include_dashboard=False)
    except (ConnectionError, TimeoutError, RuntimeError, ValueError) as error:
        raise ConfigError(f"no Ray cluster at {address or 'this machine'}: {error}; see `ray status`") from error


def _run(
    ray: Any,
    waiting: deque[Shard],
    setup: Setup,
    *,
    commit: Commit,
    on_progress: OnProgress,
    should_stop: ShouldStop,
) -> None:
    task = ray.remote(num_cpus=1, max_retries=_RETRIES, retry_exceptions=False)(_clean)
    everything = ray.put(setup)
    running: dict[Any, Shard] = {}
    done = Tally()
    try:
        while (waiting or running) and not should_stop():
            window = max(_LEAST_WINDOW, _WINDOW_A_CORE * int(ray.cluster_resources().get("CPU", 1)))
            while waiting and len(running) < window:
                shard = waiting.popleft()
                running[task.remote(everything, _anywhere(shard))] = shard
            ready, _ = ray.wait(list(running), num_returns=1, timeout=_TICK_S)
            for reference in ready:
                shard = running.pop(reference)
                result = _answer(ray, reference, shard)
                commit(shard, result)
                done.add(result.tally)
            total = done.total
            on_progress(total.pages, total.articles, total.rejections)
    finally:
        for reference in running:
            ray.cancel(reference, force=True)


def _anywhere(shard: Shard) -> Shard:
    """Return the shard with paths that do not depend on the folder that a process was started in."""
    files = [file if file.is_remote else replace(file, path=file.path.absolute()) for file in shard.files]
    return replace(shard, files=tuple(files))


def _answer(ray: Any, reference: Any, shard: Shard) -> ShardResult:
    try:
        found: ShardResult | NewscleanError = ray.get(reference)
    except ray.exceptions.RayError as error:
        raise RunError(
            f"shard {shard.shard_id} ({shard.files[0].raw_path} and {len(shard.files) - 1} more files) was lost "
            f"{_RETRIES + 1} times on the Ray cluster: {error}; nothing committed is touched, run again"
        ) from error
    if isinstance(found, NewscleanError):
        raise found
    return found


def _clean(setup: Setup, shard: Shard) -> ShardResult | NewscleanError:
    """Clean one shard on whatever machine this is, in a watched process, under a name of this attempt's own."""
    found: list[ShardResult] = []
    attempt = replace(shard, shard_id=f"{shard.shard_id}-{uuid.uuid4().hex[:12]}")
    # The dataset's lock is held by the driver, perhaps on another machine: there is none to hand on.
    nothing = os.open(os.devnull, os.O_RDONLY)
    try:
        run_in_processes(
            [attempt],
            setup,
            workers=1,
            lock=nothing,
            commit=lambda _, result: found.append(result),
            on_progress=lambda *_: None,
            should_stop=lambda: False,
        )
    except NewscleanError as error:
        return error
    finally:
        os.close(nothing)
    return found[0]
