"""What `newsclean doctor` looks at of the installation and of the machine."""

from __future__ import annotations

import os
import platform
import re
import sys
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Finding", "Level", "installation"]

_PYTHON: Final = (3, 11)
_FILES_WARN: Final = 256
_MEMORY_WARN_KB: Final = 700_000
_ZONES_WARN: Final = 300
# What each of them is taken for, and what does it here.
_BROKEN_PLUGINS: Final = {
    "scrapy-deltafetch": "newsclean's own state knows what was seen: take it out of the middlewares and uninstall it",
    "scrapy-crawl-once": "newsclean's own state knows what was seen: take it out of the middlewares and uninstall it",
    "scrapy-contrib-bigexporters": "the add-on brings the feed format `parquet`: uninstall it",
}
_PLUGINS_FROM: Final = {"spidermon": "1.27", "scrapy-poet": "0.27", "scrapy-playwright": "0.0.44"}
_IMPORTED: Final = (
    "lxml.etree",
    "lxml_html_clean",
    "pyarrow.parquet",
    "trafilatura",
    "langdetect",
    "chardet",
    "zstandard",
)
_EXTRA: Final = re.compile(r"""extra\s*==\s*["']([\w-]+)["']""")


class Level(StrEnum):
    """How well a thing is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found: `what` was looked at, what it `says`, and the `remedy`, empty where none is needed."""

    what: str
    says: str
    level: Level = Level.OK
    remedy: str = ""


def installation() -> Iterator[Finding]:
    """Yield what is found of the installation and of the machine; changes nothing."""
    for check in (_python, _requirements, _imports, _compiled, _plugins, _extras, _zones, _limits, _encoding):
        yield from check()


# ---- the installation ----


def _python() -> Iterator[Finding]:
    says = f"{platform.python_version()} at {sys.executable}"
    if sys.version_info < _PYTHON:
        yield Finding(what="Python", says=says, level=Level.FAIL, remedy="install Python 3.11 or newer")
    else:
        yield Finding(what="Python", says=says)


def _requirements() -> Iterator[Finding]:
    from packaging.requirements import Requirement  # noqa: PLC0415  (comes with Scrapy)

    wrong = []
    for text in requires("newsclean") or ():
        requirement = Requirement(text)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        found = _version(requirement.name)
        if found is None:
            wrong.append(f"{requirement.name} is not installed")
        elif not requirement.specifier.contains(found, prereleases=True):
            wrong.append(f"{requirement.name} is {found}, needed is {requirement.specifier}")
    own = f"newsclean {version('newsclean')}"
    if wrong:
        remedy = "install newsclean again into a fresh environment: pip install newsclean"
        yield Finding(what="libraries", says=f"{own}: {'; '.join(wrong)}", level=Level.FAIL, remedy=remedy)
    else:
        yield Finding(
            what="libraries", says=f"{own}, Scrapy {_version('scrapy')}, pyarrow {_version('pyarrow')}: as needed"
        )


def _imports() -> Iterator[Finding]:
    for name in _IMPORTED:
        try:
            import_module(name)
        except (ImportError, OSError) as error:
            remedy = f"install it again: pip install --force-reinstall {name.partition('.')[0]}"
            yield Finding(what=name, says=f"cannot be imported: {error}", level=Level.FAIL, remedy=remedy)


def _compiled() -> Iterator[Finding]:
    found = find_spec("newsclean.extract.generic.reading.walk")
    is_plain = found is None or found.origin is None or found.origin.endswith(".py")
    says = "plain Python: a sixth slower than what a build with a C compiler gives" if is_plain else "compiled"
    yield Finding(what="hot modules", says=says)


def _plugins() -> Iterator[Finding]:
    from packaging.version import Version  # noqa: PLC0415  (comes with Scrapy)

    scrapy = f"Scrapy {_version('scrapy')}"
    for name, instead in _BROKEN_PLUGINS.items():
        if found := _version(name):
            says = f"{name} {found} does not work with {scrapy}"
            yield Finding(what="Scrapy plug-ins", says=says, level=Level.WARN, remedy=instead)
    for name, least in _PLUGINS_FROM.items():
        found = _version(name)
        if found and Version(found) < Version(least):
            says = f"{name} {found} does not work with {scrapy}"
            remedy = f'pip install "{name}>={least}"'
            yield Finding(what="Scrapy plug-ins", says=says, level=Level.WARN, remedy=remedy)


def _extras() -> Iterator[Finding]:
    found: dict[str, list[str]] = {}
    for text in requires("newsclean") or ():
        if match := _EXTRA.search(text):
            found.setdefault(match[1], []).append(re.split(r"[\s<>=!~;\[]", text)[0])
    there: list[str] = []
    missing: list[str] = []
    for extra, names in sorted(found.items()):
        if extra != "test":
            is_there = all(_version(name) is not None for name in names if name != "newsclean")
            (there if is_there else missing).append(extra)
    says = f"with {', '.join(there) or 'none'}; without {', '.join(missing) or 'none'}"
    yield Finding(what="extras", says=f"{says} (pip install newsclean[NAME])")


# ---- the machine ----


def _zones() -> Iterator[Finding]:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones  # noqa: PLC0415  (reads files)

    remedy = "install the system's package tzdata, or: pip install tzdata"
    try:
        ZoneInfo("Europe/Lisbon")
    except ZoneInfoNotFoundError:
        yield Finding(what="time zones", says="there are no time zone data", level=Level.FAIL, remedy=remedy)
        return
    count = len(available_timezones())
    level = Level.WARN if count < _ZONES_WARN else Level.OK
    yield Finding(what="time zones", says=f"{count} zones", level=level, remedy=remedy if level is Level.WARN else "")


def _limits() -> Iterator[Finding]:
    import resource  # noqa: PLC0415  (not on Windows)

    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory_kb = _memory_kb()
    says = f"{cores} cores, {files} open files" + (f", {memory_kb / 1e6:.1f} GB of memory free" if memory_kb else "")
    if files < _FILES_WARN:
        remedy = "raise the limit: ulimit -n 1024"
        yield Finding(what="machine", says=says, level=Level.WARN, remedy=remedy)
    elif memory_kb is not None and memory_kb < _MEMORY_WARN_KB:
        remedy = "take fewer workers: newsclean clean --workers 1"
        yield Finding(what="machine", says=says, level=Level.WARN, remedy=remedy)
    else:
        yield Finding(what="machine", says=says)


def _encoding() -> Iterator[Finding]:
    found = sys.getfilesystemencoding()
    if found.lower().replace("-", "") != "utf8":
        remedy = "set a UTF-8 locale: export LANG=C.UTF-8"
        yield Finding(what="file names", says=f"are in {found}", level=Level.WARN, remedy=remedy)


def _memory_kb() -> int | None:
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
    except OSError:
        return None
    found = re.search(r"MemAvailable:\s+(\d+)", text)
    return int(found[1]) if found else None


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
