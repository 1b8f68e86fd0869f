"""Names of elements as selectors that may hold on other pages too: ids with numbers and hashed classes are cut."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from newsclean.extract.selectors import SelectorError, compile_css

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsclean.report.suggest.sample import SamplePage

__all__ = ["names_of", "select", "selectors_of"]

_NAME: Final = re.compile(r"-?[A-Za-z_][\w-]{0,60}")
_NUMBERED: Final = re.compile(r"(?P<stem>[A-Za-z][A-Za-z_-]{2,})\d+")
_HASHED: Final = re.compile(r"(?P<stem>[A-Za-z][A-Za-z]*(?:[_-]+[A-Za-z]+)*?_{1,2})(?=\w*[\dA-Z])[\w-]{5,8}")
_MANY_DIGITS: Final = re.compile(r"\d{3}")
_ITSELF: Final = frozenset({"article", "main", "h1", "time", "figcaption", "aside", "nav", "form", "footer", "header"})
_STEPS: Final = 3


def names_of(element: Any) -> Iterator[str]:
    """Yield selectors that name the element by itself: its id, its classes, what it is marked as, a telling tag."""
    tag = element.tag
    identity = element.get("id") or ""
    if numbered := _NUMBERED.fullmatch(identity):
        yield f'{tag}[id^="{numbered["stem"]}"]'
    elif _NAME.fullmatch(identity) and not _MANY_DIGITS.search(identity):
        yield f"{tag}#{identity}"
    for name in dict.fromkeys((element.get("class") or "").split()):
        if hashed := _HASHED.fullmatch(name):
            yield f'{tag}[class*="{hashed["stem"]}"]'
        elif _NAME.fullmatch(name) and not _MANY_DIGITS.search(name):
            yield f"{tag}.{name}"
    if _NAME.fullmatch(element.get("itemprop") or ""):
        yield f'{tag}[itemprop="{element.get("itemprop")}"]'
    if tag in _ITSELF:
        yield tag


def selectors_of(element: Any) -> Iterator[str]:
    """Yield selectors for the element: by itself, and by the nearest element above it that has a name."""
    own = list(names_of(element))
    yield from own
    above = element.getparent()
    for _ in range(_STEPS):
        if above is None:
            return
        outer = next((name for name in names_of(above) if name not in _ITSELF), None)
        if outer is not None:
            yield f"{outer} {element.tag}"
            if own:
                yield f"{outer} {own[0]}"
            return
        above = above.getparent()


def select(selector: str, page: SamplePage) -> list[Any]:
    """Return the elements of a page that a selector finds; one that cannot be compiled finds none."""
    try:
        return compile_css(selector)(page.view)
    except SelectorError:
        return []
