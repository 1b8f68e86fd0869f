"""The language models that can be asked for by name, and which of them `auto` is."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from newsclean.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.metadata import EntryPoint, EntryPoints

    from newsclean.model import LanguageTag

__all__ = ["AUTO", "BUILT_IN", "ENTRY_POINTS", "Backend", "known_names", "open_backend"]

AUTO = "auto"
ENTRY_POINTS = "newsclean.languages"


class Backend(Protocol):
    """A language model; it is asked only for what script and letters do not tell (see `guard`)."""

    def version(self) -> str:
        """Return name and version of what answers (`langdetect-1.0.9`), without loading it."""
        ...

    def warm(self) -> None:
        """Load what is needed now; safe from several threads."""
        ...

    def identify(self, sample: str) -> LanguageTag:
        """Name the language of `sample` (some 1,000 characters); a pure function, safe from several threads."""
        ...


def _langdetect() -> Backend:
    from newsclean.language.langdetect_model import LangdetectBackend  # noqa: PLC0415 - models are imported when asked

    return LangdetectBackend()


def _py3langid() -> Backend:
    try:
        from newsclean.language.py3langid_model import Py3langidBackend  # noqa: PLC0415 - an extra, and heavy
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"language backend 'py3langid': {error.name} is not installed; pip install newsclean[lid]"
        ) from error
    return Py3langidBackend()


BUILT_IN: dict[str, Callable[[], Backend]] = {"langdetect": _langdetect, "py3langid": _py3langid}


_OPENING = Lock()


def open_backend(name: str) -> Backend:
    """Return the backend of that name, not loaded yet, the same one for every call; ConfigError if there is none.

    `auto` is py3langid where it is installed (140 languages), else langdetect (55, and those told by letters or
    words).
    """
    with _OPENING:
        return _open(_best_installed() if name == AUTO else name)


def known_names() -> tuple[str, ...]:
    """List all names that `open_backend` takes, those of installed packages too."""
    return tuple(sorted({AUTO, *BUILT_IN, *_entry_points().names}))


@cache
def _best_installed() -> str:
    return "py3langid" if find_spec("py3langid") else "langdetect"


@cache
def _open(name: str) -> Backend:
    if name in BUILT_IN:
        return BUILT_IN[name]()
    for point in _entry_points().select(name=name):
        return _from_entry_point(point)
    raise ConfigError(f"no language backend {name!r}; known: {', '.join(known_names())}")


def _entry_points() -> EntryPoints:
    from importlib.metadata import entry_points  # noqa: PLC0415 - slow to import, and seldom needed

    return entry_points(group=ENTRY_POINTS)


def _from_entry_point(point: EntryPoint) -> Backend:
    try:
        backend: Backend = point.load()()
    except (ImportError, AttributeError) as error:
        raise ConfigError(f"language backend {point.name!r}: {point.value} cannot be loaded: {error}") from error
    return backend
