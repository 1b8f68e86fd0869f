"""Text of pages and names of files, as a terminal may be shown them."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["shown", "shown_name"]

# All but the tab and the line feed: what begins with one of the others moves the cursor, changes
# colours or writes to the clipboard.
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_BREAKS: Final = re.compile("[\t\n]")


def shown(text: str) -> str:
    r"""Return `text` with each control character and lone surrogate as its escape (`\x1b`); tabs and lines stay."""
    return text if text.isprintable() else _CONTROLS.sub(_escape, text)


def shown_name(name: str) -> str:
    r"""Return a file's name on one line: as `shown`, tabs and line feeds as escapes, too."""
    return name if name.isprintable() else _BREAKS.sub(_escape, shown(name))


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")
