"""Load site profiles: from a TOML file to a checked `Profile`, with errors that name the way out."""

from __future__ import annotations

import difflib
import hashlib
import re
import tomllib
import typing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from newsclean.errors import ProfileError
from newsclean.extract.profile import FIELDS, DropRule, HeadLine, Profile, TailLine
from newsclean.extract.profile_words import with_words
from newsclean.extract.selectors import SelectorError, compile_css

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["LoadedProfile", "built_in_folder", "load_folder", "load_profile"]

_UNKNOWN_KEY = re.compile(r"Object contains unknown field `(?P<key>[^`]*)`(?: - at `\$\.?(?P<path>[^`]*)`)?")
_PATTERN_KEYS = frozenset({"pattern", "line", "unless", "then", "date"})
_PATTERN_KEYS |= {"value", "entry_end", "reach", "resume"}
_PATTERN_LIST_KEYS = frozenset({"all", "none", "article", "seams", "dateline", "credit", "also"})
_SOURCES = ("css:", "xpath:", "meta:", "jsonld:")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedProfile:
    """A profile that compiles, the site it is named after and the hash of its file."""

    site: str
    path: Path
    sha256: str
    profile: Profile

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts it is for, with all their subdomains."""
        return self.profile.hosts or (self.site,)


def built_in_folder() -> Path:
    """Return the folder of the profiles that come with newsclean."""
    return Path(__file__).resolve().parents[1] / "sites"


def load_folder(folder: Path) -> tuple[LoadedProfile, ...]:
    """Load all profiles of a folder, by name."""
    return tuple(load_profile(path) for path in sorted(folder.glob("*.toml")))


def load_profile(path: Path) -> LoadedProfile:
    """Load and check one profile; raises `ProfileError` naming file, key and remedy."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ProfileError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        data = with_words(tomllib.loads(content.decode("utf-8")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProfileError(f"{path}: no TOML: {error}") from error
    try:
        profile = msgspec.convert(data, Profile)
    except msgspec.ValidationError as error:
        raise ProfileError(f"{path}: {_explained(str(error))}") from error
    _check(data, str(path), "")
    _check_fields(profile, str(path))
    return LoadedProfile(site=path.stem, path=path, sha256=hashlib.sha256(content).hexdigest(), profile=profile)


def _explained(message: str) -> str:
    match = _UNKNOWN_KEY.search(message)
    if not match:
        return message.replace("`$.", "`")
    key, path = match["key"], match["path"]
    near = difflib.get_close_matches(key, _known_keys(), n=1)
    place = f"{path}.{key}" if path else key
    hint = f'; did you mean "{near[0]}"?' if near else ""
    return f"{place}: unknown key{hint}"


@lru_cache(maxsize=1)
def _known_keys() -> tuple[str, ...]:
    """Return the names of all keys of the format, wherever they may stand."""
    seen: set[Any] = set()
    names: set[str] = set()

    def visit(kind: Any) -> None:
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in seen:
            seen.add(kind)
            for name, inner in typing.get_type_hints(kind).items():
                names.add(name)
                visit(inner)
        for inner in typing.get_args(kind):
            visit(inner)

    visit(Profile)
    return tuple(sorted(names))


def _check(value: Any, file: str, place: str) -> None:
    """Compile every pattern and selector of the raw TOML, so that the error can name its place."""
    if isinstance(value, list):
        for i, item in enumerate(value):
            _check(item, file, f"{place}[{i}]")
    if not isinstance(value, dict):
        return
    is_text = "head" in value
    for key, item in value.items():
        _check_item(key, item, file, f"{place}.{key}" if place else key, is_text=is_text)


def _check_item(key: str, item: Any, file: str, here: str, *, is_text: bool) -> None:
    """Check what stands under one key; a key means the same wherever the format has it, but for `evidence`."""
    if key in _PATTERN_KEYS and isinstance(item, str):
        _check_pattern(item, file, here)
    elif key in _PATTERN_LIST_KEYS or (key == "evidence" and is_text):
        for i, one in enumerate(item):
            _check_pattern(one, file, f"{here}[{i}]")
    elif key == "css":
        _check_selector(item, file, here)
    elif key in {"evidence", "body"}:
        for i, one in enumerate(item):
            _check_selector(one, file, f"{here}[{i}]")
    elif key == "at":
        _check_source(item, file, here)
    elif key == "fields":
        _check_sources(item, file, here)
    else:
        _check(item, file, here)


def _check_sources(fields: Any, file: str, place: str) -> None:
    for name, sources in fields.items():
        for i, one in enumerate(sources):
            here = f"{place}.{name}[{i}]"
            if isinstance(one, str):
                _check_source(one, file, here)
            else:
                _check(one, file, here)


def _check_source(source: str, file: str, place: str) -> None:
    if not source.startswith(_SOURCES):
        raise ProfileError(f"{file}: {place}: {source!r} must begin with one of {', '.join(_SOURCES)}")
    if source.startswith("css:"):
        _check_selector(source.removeprefix("css:").partition("@")[0], file, place)


def _check_pattern(pattern: str, file: str, place: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ProfileError(f"{file}: {place}: the pattern {pattern!r} does not compile: {error}") from error


def _check_selector(selector: str, file: str, place: str) -> None:
    try:
        compile_css(selector)
    except SelectorError as error:
        raise ProfileError(f"{file}: {place}: the selector {selector!r} does not compile: {error}") from error


def _check_fields(profile: Profile, file: str) -> None:
    """Refuse names of fields that no column is behind, in `field`, `fields` and named groups."""
    for i, layout in enumerate(profile.layout):
        place = f"layout[{i}]"
        if layout.html is None and layout.text is None:
            raise ProfileError(f"{file}: {place}: has neither html nor text rules; add [layout.html] or [layout.text]")
        if layout.html:
            for name in layout.html.fields:
                _check_field(name, file, f"{place}.html.fields.{name}")
            _check_lines([*layout.html.drop, *layout.html.beside], file, f"{place}.html")
        if layout.text:
            text = layout.text
            _check_lines([*text.before, *text.head, *text.tail, *text.drop], file, f"{place}.text")


def _check_lines(rows: Sequence[HeadLine | TailLine | DropRule], file: str, place: str) -> None:
    for row in rows:
        forms = [row.line or "", *(row.also if isinstance(row, HeadLine) else ())]
        for key in filter(None, (row.field, *(name for form in forms for name in re.compile(form).groupindex))):
            _check_field(key, file, place)


def _check_field(name: str, file: str, place: str) -> None:
    if name not in FIELDS:
        near = difflib.get_close_matches(name, FIELDS, n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(sorted(FIELDS))}"
        raise ProfileError(f"{file}: {place}: unknown field {name!r}; {hint}")
