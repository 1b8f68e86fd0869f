"""Rules as they are proposed, each with its coverage and samples, and the TOML that they are written as."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Layout", "Row", "literal", "pages_of", "shown", "table"]

_SHOWN_CHARS: Final = 60
_MOST_SAMPLES: Final = 3
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f']")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One rule: its keys and values, on how many of how many pages it was found, and what it takes."""

    values: dict[str, Any]
    pages: int
    of: int
    samples: tuple[str, ...] = ()

    @property
    def comment(self) -> str:
        """Return the coverage, and some of the texts."""
        texts = ", ".join(shown(text) for text in self.samples[:_MOST_SAMPLES])
        return f"{pages_of(self.pages, self.of)}{': ' if texts else ''}{texts}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A proposed layout of one kind, `html` or `text`.

    `keys` are those of its rules that are plain lists, with a comment each; `fields` the sources of
    each field, `rows` its lists of tables. `note` says in a line what it is and how many pages it is for.
    """

    kind: str
    note: str
    keys: dict[str, tuple[tuple[str, ...], str]] = field(default_factory=dict)
    fields: dict[str, tuple[Row, ...]] = field(default_factory=dict)
    rows: dict[str, tuple[Row, ...]] = field(default_factory=dict)

    def lines(self, name: str) -> Iterator[str]:
        """Yield the layout as TOML, with its comments."""
        yield ""
        yield f"# {self.note}"
        yield "[[layout]]"
        yield f"name = {literal(name)}"
        yield f"[layout.{self.kind}]"
        for key, (values, comment) in self.keys.items():
            yield f"{key} = [{', '.join(map(literal, values))}]   # {comment}"
        for key, rows in self.rows.items():
            if rows:
                yield from _list(key, rows)
        if self.fields:
            yield f"[layout.{self.kind}.fields]"
        for key, rows in self.fields.items():
            for row in rows:
                yield f"# {row.values['at']} {row.comment}"
            yield f"{key} = [{', '.join(_source(row) for row in rows)}]"


def literal(value: Any) -> str:
    """Return a value as TOML writes it; a text in single quotes where that is possible, for patterns' sake."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        if not _CONTROL.search(value):
            return f"'{value}'"
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(literal, value))}]"
    return str(value)


def table(values: dict[str, Any]) -> str:
    """Return keys and values as an inline table."""
    return f"{{ {', '.join(f'{key} = {literal(value)}' for key, value in values.items())} }}"


def shown(text: str) -> str:
    """Return a text for a comment: on one line, and short."""
    plain = " ".join(text.split())
    return json.dumps(plain if len(plain) <= _SHOWN_CHARS else f"{plain[: _SHOWN_CHARS - 1]}…", ensure_ascii=False)


def pages_of(pages: int, of: int) -> str:
    """Return `on 3 of 4 pages`."""
    return f"on {pages} of {of} pages"


def _list(key: str, rows: Sequence[Row]) -> Iterable[str]:
    yield f"{key} = ["
    for row in rows:
        yield f"    # {row.comment}"
        yield f"    {table(row.values)},"
    yield "]"


def _source(row: Row) -> str:
    return literal(row.values["at"]) if len(row.values) == 1 else table(row.values)
