"""The Ray runner: one task a shard, on as many machines as Ray has; commits are made by this process alone.

Ray brings the tasks to the machines and repeats those whose machine is lost: see `attempts`.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final

from newsclean.errors import ConfigError, RunError
from newsclean.run.attempts import Cleaner, anywhere
from newsclean.run.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from newsclean.run.attempts import Attempt
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
    cleaner = ray.put(Cleaner(setup))
    running: dict[Any, Shard] = {}
    done = Tally()
    try:
        while (waiting or running) and not should_stop():
            window = max(_LEAST_WINDOW, _WINDOW_A_CORE * int(ray.cluster_resources().get("CPU", 1)))
            while waiting and len(running) < window:
                shard = waiting.popleft()
                running[task.remote(cleaner, anywhere(shard))] = shard
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


def _answer(ray: Any, reference: Any, shard: Shard) -> ShardResult:
    try:
        found: Attempt = ray.get(reference)
    except ray.exceptions.RayError as error:
        raise RunError(
            f"shard {shard.shard_id} ({shard.files[0].raw_path} and {len(shard.files) - 1} more files) was lost "
            f"{_RETRIES + 1} times on the Ray cluster: {error}; nothing committed is touched, run again"
        ) from error
    return found.result()


def _clean(cleaner: Cleaner, shard: Shard) -> Attempt:
    return cleaner(shard)
