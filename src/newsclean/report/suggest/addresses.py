"""What the addresses of a site's articles have in common, and those of its other pages not."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from newsclean.extract.addresses import url_path
from newsclean.model import Reason
from newsclean.report.suggest.lines import any_line, escaped
from newsclean.report.suggest.writing import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["article_patterns", "other_patterns"]

_FEW_WORDS: Final = 6
_LEAST_PAGES: Final = 2
_WORD: Final = re.compile(r"[a-z][a-z_-]{1,30}", re.IGNORECASE)
_ENDING: Final = re.compile(r"\.[a-z]{2,5}$")
_PAGES: Final = frozenset({Reason.LISTING, Reason.GALLERY, Reason.FORUM, Reason.NOT_AN_ARTICLE, Reason.ERROR_PAGE})


def article_patterns(urls: Sequence[str]) -> list[Row]:
    """Return patterns of the paths of articles, one for each number of steps; a number that tells them apart is `key`.

    Nothing where the patterns would not cover all of them: what matches none is taken for a listing.
    """
    groups: defaultdict[int, list[list[str]]] = defaultdict(list)
    for url in dict.fromkeys(urls):
        steps = url_path(url).partition("?")[0].strip("/").split("/")
        groups[len(steps)].append(steps)
    rows = []
    for count, paths in sorted(groups.items()):
        if len(paths) < _LEAST_PAGES or count == 0:
            return []
        pattern = "/" + "/".join(_step([path[at] for path in paths], is_last=at == count - 1) for at in range(count))
        sample = "/" + "/".join(paths[0])
        rows.append(
            Row(values={"pattern": f"^{pattern}/?(?:\\?|$)"}, pages=len(paths), of=len(urls), samples=(sample,))
        )
    return rows


def _step(words: Sequence[str], *, is_last: bool) -> str:
    different = sorted(set(words))
    if all(word.isdigit() for word in words):
        number = r"\d+"
        return f"(?P<key>{number})" if is_last and len(different) == len(words) > 1 else number
    if not is_last and len(different) <= _FEW_WORDS and len(words) >= _LEAST_PAGES * len(different):
        return escaped(different[0]) if len(different) == 1 else f"(?:{any_line(different)})"
    endings = {match[0] if (match := _ENDING.search(word)) else "" for word in words}
    ending = escaped(endings.pop()) if len(endings) == 1 else ""
    return f"[^/]+{ending}"


def other_patterns(articles: Sequence[str], others: Sequence[tuple[str, Reason]]) -> list[Row]:
    """Return steps of paths that only pages without an article have, on two of them or more."""
    known = {word for url in articles for word in _words(url)}
    counts: defaultdict[str, list[Reason]] = defaultdict(list)
    for url, reason in others:
        for word in _words(url) - known:
            counts[word].append(reason)
    rows = []
    for word, reasons in sorted(counts.items(), key=lambda item: (-len(item[1]), item[0])):
        if len(reasons) < _LEAST_PAGES:
            continue
        reason = Counter(one if one in _PAGES else Reason.LISTING for one in reasons).most_common(1)[0][0]
        values = {"pattern": f"/{escaped(word)}(?:/|$)", "reason": str(reason)}
        rows.append(Row(values=values, pages=len(reasons), of=len(others)))
    return rows


def _words(url: str) -> set[str]:
    steps = url_path(url).partition("?")[0].strip("/").split("/")
    return {step for step in steps if _WORD.fullmatch(step)}
