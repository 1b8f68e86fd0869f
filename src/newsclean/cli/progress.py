"""How a run is shown while it goes: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click

from newsclean.cli.counting import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsclean.run.main_job import Progress as RunProgress

__all__ = ["showing_progress", "showing_status"]

_LINE_EVERY_S: Final = 5.0
_TELLING_PAGES: Final = 20  # of fewer, the start of the processes is most of the time


@contextmanager
def showing_progress(*, is_quiet: bool) -> Iterator[Callable[[RunProgress], None]]:
    """Give the block what to call with a run's progress; all of it goes to standard error."""
    if is_quiet:
        yield lambda _: None
    elif sys.stderr.isatty():
        with _bar() as show:
            yield show
    else:
        yield _Lines().show


@contextmanager
def showing_status(*, is_quiet: bool) -> Iterator[Callable[[str, float], None]]:
    """Give the block what to call with a line on work whose end is not known, and the seconds that it has taken."""
    if is_quiet:
        yield lambda _, __: None
    elif sys.stderr.isatty():
        from rich.console import Console  # noqa: PLC0415  (only where something is drawn)

        with Console(stderr=True).status("starting") as status:
            yield lambda line, _: status.update(line)
    else:
        yield _Lines().show_line


class _Lines:
    """Plain lines, some seconds apart."""

    def __init__(self) -> None:
        self._next_s = _LINE_EVERY_S

    def show(self, progress: RunProgress) -> None:
        self.show_line(_line(progress), progress.elapsed_s)

    def show_line(self, line: str, elapsed_s: float) -> None:
        if elapsed_s >= self._next_s:
            self._next_s = elapsed_s + _LINE_EVERY_S
            click.echo(f"newsclean: {line}", err=True)


def _line(progress: RunProgress) -> str:
    is_telling = progress.pages >= min(_TELLING_PAGES, progress.of_pages / 4)
    return (
        f"{progress.pages:,} of {counted(progress.of_pages, 'page')}, {progress.pages_per_s:.0f} pages/s, "
        f"{counted(progress.articles, 'article')}, {progress.rejections:,} rejected, "
        f"{_left(progress.left_s if is_telling else None)} left"
    )


def _left(seconds: float | None) -> str:
    if seconds is None:
        return "unknown time"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@contextmanager
def _bar() -> Iterator[Callable[[RunProgress], None]]:
    from rich.console import Console  # noqa: PLC0415  (only where something is drawn)
    from rich.progress import BarColumn, Progress, TextColumn  # noqa: PLC0415  (same)

    columns = (TextColumn("{task.percentage:>3.0f}%"), BarColumn(bar_width=30), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True, refresh_per_second=5) as bar:
        task = bar.add_task("starting", total=None)

        def show(progress: RunProgress) -> None:
            bar.update(task, completed=progress.pages, total=progress.of_pages, description=_line(progress))

        yield show
