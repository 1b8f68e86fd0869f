"""Tell markup from a text dump by what a page says, never by its file name."""

from __future__ import annotations

import re

from newsclean.model import PageKind

__all__ = ["kind_of"]

# A document says so near its start; a fragment has several closing tags of HTML's own elements.
_DOCUMENT = re.compile(r"\s*(?:<\?xml[^>]*>|<!--.*?-->|\s)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_CLOSING = re.compile(r"</(?:p|div|span|a|li|ul|td|tr|table|h[1-6]|article|section|title|head|body|html)\s*>", re.IGNORECASE)
_HEAD_CHARS = 65_536
_MIN_CLOSING_TAGS = 3


def kind_of(text: str) -> PageKind:
    """Return HTML for a document or a fragment of one, TEXT for everything else."""
    head = text[:_HEAD_CHARS]
    if "<" not in head:
        return PageKind.TEXT
    if _DOCUMENT.match(head):
        return PageKind.HTML
    tags = _CLOSING.findall(head)
    # A text that mentions a tag or two is still a text: the tags must carry the lines.
    enough = len(tags) >= max(_MIN_CLOSING_TAGS, head.count("\n") // 20)
    return PageKind.HTML if enough else PageKind.TEXT
