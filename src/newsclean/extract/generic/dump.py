"""`GenericText`: an article out of a text dump (a page's innerText) of a site without a profile."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsclean.errors import ExtractionFailed
from newsclean.model import Block, Extraction, Reason, Removal, RemovalKind

if TYPE_CHECKING:
    from newsclean.page import Line, PageView

__all__ = ["GenericText"]

_SENTENCE_END = re.compile(r"[.!?…。！？।؟۔:][\"'”’»)\]」』]*$")
_MIN_CHARS = 80


class GenericText:
    """Takes the running text out of a dump; raises `ExtractionFailed` where there is none."""

    name = "generic"

    def extract(self, view: PageView) -> tuple[Extraction, ...]:
        """Return one extraction; every non-blank line of `view` is in its blocks or its removals."""
        lines = [line for line in view.lines if line.text]
        body = [_is_prose(line) for line in lines]
        if not any(body):
            raise ExtractionFailed(Reason.NO_BODY, f"{len(lines)} lines, none of them running text")
        title = _title(lines, body.index(True))
        blocks = tuple(Block(text=x.text, where=f"L{x.number}") for x, keep in zip(lines, body, strict=True) if keep)
        removals = tuple(_removal(x, title) for x, keep in zip(lines, body, strict=True) if not keep)
        return (
            Extraction(
                strategy="generic:dump", blocks=blocks, removals=removals, title=title.text if title else None
            ),
        )


def _is_prose(line: Line) -> bool:
    return len(line.text) >= _MIN_CHARS and _SENTENCE_END.search(line.text) is not None


def _title(lines: list[Line], begin: int) -> Line | None:
    return max(lines[max(0, begin - 10) : begin], key=lambda line: len(line.text), default=None)


def _removal(line: Line, title: Line | None) -> Removal:
    moved = "title" if line is title else None
    kind = RemovalKind.METADATA_ECHO if moved else RemovalKind.OTHER
    return Removal(
        rule="generic:headline" if moved else "generic:no-prose",
        kind=kind,
        where=f"L{line.number}",
        text=line.text,
        moved_to=moved,
    )
