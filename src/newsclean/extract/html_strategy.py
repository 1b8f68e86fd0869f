"""Read a page's markup by the rules of a layout: mark elements, then walk the visible text once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsclean.extract.fields import FoundFields, column_of
from newsclean.extract.line_rules import DropRules
from newsclean.extract.profile import Source
from newsclean.extract.selectors import compile_css
from newsclean.model import Block, Removal, RemovalKind
from newsclean.page import units
from newsclean.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lxml.html import HtmlElement

    from newsclean.extract.line_rules import Drop
    from newsclean.extract.profile import HtmlRules
    from newsclean.page import PageView, Unit

__all__ = ["HtmlStrategy", "Reading"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a strategy read of one article: body blocks, everything else, and the fields."""

    blocks: tuple[Block, ...]
    removals: tuple[Removal, ...]
    found: FoundFields


class _Fate:
    """What becomes of an element's text; each marked element has its own."""

    __slots__ = ("field", "kind", "moved_to", "pattern", "rule", "texts")

    def __init__(
        self,
        rule: str,
        kind: RemovalKind,
        *,
        field: str | None = None,
        moved_to: str | None = None,
        pattern: re.Pattern[str] | None = None,
    ) -> None:
        self.rule = rule
        self.kind = kind
        self.field = field
        self.moved_to = moved_to
        self.pattern = pattern
        self.texts: list[str] = []


_BODY = _Fate("body", RemovalKind.OTHER)
_STRING_XPATH = re.compile(r"(?:text\(\)|@[\w:-]+)$")


@dataclass(frozen=True, slots=True)
class _CompiledSource:
    """Where a field is read: `select` gives elements, or strings where the XPath ends in them."""

    scheme: str
    target: str
    select: Callable[[PageView], list[Any]] | None
    attribute: str | None
    pattern: re.Pattern[str] | None
    take_all: bool

    @property
    def is_in_text(self) -> bool:
        """Whether the value is visible text, so that its place on the page has to be accounted for."""
        if self.scheme == "xpath":
            return not _STRING_XPATH.search(self.target)
        return self.scheme == "css" and self.attribute is None

    @property
    def witness(self) -> str:
        """What gives the value, as the `witnesses` column names it."""
        return f"{self.scheme}:{self.target}" if self.select is None else "markup"


class HtmlStrategy:
    """The compiled HTML rules of one layout of one site."""

    def __init__(self, rules: HtmlRules, *, site: str) -> None:
        """Compile `rules`, which the profile's loading has checked."""
        self._site = site
        self._evidence = [compile_css(selector) for selector in rules.evidence]
        self._body = [compile_css(selector) for selector in rules.body]
        self._fields = [(name, [_compiled(one) for one in sources]) for name, sources in rules.fields.items()]
        self._remove = [(compile_css(rule.css), f"{site}:{rule.rule}", rule.kind) for rule in rules.remove]
        self._drop = DropRules(rules.drop)
        self._beside = DropRules(rules.beside)

    def applies(self, view: PageView) -> bool:
        """Tell whether the page is of this layout."""
        return all(select(view) for select in self._evidence)

    def read(self, view: PageView) -> tuple[Reading, ...]:
        """Return the one article of the page."""
        found = FoundFields()
        marks: dict[Any, _Fate] = {}
        for select in self._body:
            containers = select(view)
            if containers:
                marks.update(dict.fromkeys(containers, _BODY))
                break
        for select, rule, kind in self._remove:
            for element in select(view):
                marks[element] = _Fate(rule, kind)
        fates = list(self._mark_fields(view, marks, found))
        lines: list[tuple[str, str]] = []
        blocks, removals = self._walk(view, marks, lines)
        for fate in fates:
            _add_value(found, fate.field or "", " ".join(fate.texts), fate.pattern)
        for name, value in lines:
            found.add(name, value)
        return (Reading(blocks=blocks, removals=removals, found=found),)

    def _mark_fields(self, view: PageView, marks: dict[Any, _Fate], found: FoundFields) -> Iterator[_Fate]:
        for name, sources in self._fields:
            for source in sources:
                if not source.is_in_text or source.select is None:
                    values = list(_values(source, view))
                    for value in values:
                        _add_value(found, name, value, source.pattern, by=source.witness)
                    if values and found.has(name):
                        break
                    continue
                elements = [e for e in source.select(view) if _has_text(e)]
                for element in elements if source.take_all else elements[:1]:
                    fate = _field_fate(name, source.pattern)
                    marks[element] = fate
                    yield fate
                if elements:
                    break

    def _walk(
        self, view: PageView, marks: dict[Any, _Fate], lines: list[tuple[str, str]]
    ) -> tuple[tuple[Block, ...], tuple[Removal, ...]]:
        """Say of each unit what it is; the fields that lines carry by their text go to `lines`."""
        blocks: list[Block] = []
        removals: list[Removal] = []
        outside = _Fate(f"{self._site}:outside-article", RemovalKind.NAVIGATION)
        for unit in units(view.tree, marks):
            fate: _Fate = unit.mark or outside
            rules = self._drop if fate is _BODY else self._beside if fate is outside else None
            rule = rules.rule_for(unit.text) if rules else None
            if rule:
                removals.append(self._told_by_text(unit, rule, lines))
            elif fate is _BODY:
                blocks.append(Block(text=unit.text, kind=unit.kind, where=unit.where))
            else:
                if fate.moved_to:
                    fate.texts.append(unit.text)
                removals.append(_removal(unit, fate))
        return tuple(blocks), tuple(removals)

    def _told_by_text(self, unit: Unit, rule: Drop, lines: list[tuple[str, str]]) -> Removal:
        """Account for a unit that `rule` matches, and note the fields it fills in `lines`."""
        values = _values_by_text(rule, unit.text)
        lines.extend(values.items())
        column = column_of([rule.entry.field] if rule.entry.field else values)
        fate = _field_fate(column) if column else _Fate(f"{self._site}:{rule.entry.rule}", rule.entry.kind)
        return _removal(unit, fate)


def _values_by_text(rule: Drop, text: str) -> dict[str, str]:
    match = rule.line.fullmatch(text)
    values = {name: value for name, value in match.groupdict().items() if value} if match else {}
    return values or ({rule.entry.field: text} if rule.entry.field else {})


def _field_fate(name: str, pattern: re.Pattern[str] | None = None) -> _Fate:
    column = column_of(pattern.groupindex if pattern and pattern.groupindex else [name])
    kind = RemovalKind.CAPTION if column == "captions" else RemovalKind.FIELD
    return _Fate(f"field:{column}", kind, field=name, moved_to=column, pattern=pattern)


def _removal(unit: Unit, fate: _Fate) -> Removal:
    return Removal(rule=fate.rule, kind=fate.kind, where=unit.where, text=unit.text, moved_to=fate.moved_to)


def _compiled(source: Source | str) -> _CompiledSource:
    if isinstance(source, str):
        source = Source(at=source)
    scheme, _, target = source.at.partition(":")
    select, attribute = None, None
    if scheme == "css":
        target, _, attribute_name = target.partition("@")
        select, attribute = compile_css(target), attribute_name or None
    elif scheme == "xpath":
        select = _by_xpath(target)
    pattern = re.compile(source.pattern) if source.pattern else None
    return _CompiledSource(scheme, target, select, attribute, pattern, source.take == "all")


def _by_xpath(expression: str) -> Callable[[PageView], list[Any]]:
    def select(view: PageView) -> list[Any]:
        found: list[Any] = view.tree.xpath(expression)
        return found

    return select


def _values(source: _CompiledSource, view: PageView) -> Iterable[str]:
    if source.select is not None:
        read = [e if source.attribute is None else e.get(source.attribute) for e in source.select(view)]
        values = [v for text in read if (v := squeeze(text or ""))]
        return values if source.take_all else values[:1]
    if source.scheme == "meta":
        value = view.meta.get(source.target.lower())
        return [value] if value else []
    values = [text for item in view.json_ld for text in _json_values(item, source.target.split("."))]
    return values if source.take_all else values[:1]


def _json_values(value: Any, path: list[str]) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _json_values(item, path)
    elif not path:
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            yield str(value)
    elif isinstance(value, dict) and path[0] in value:
        yield from _json_values(value[path[0]], path[1:])


def _has_text(element: HtmlElement) -> bool:
    return any(text.strip() for text in element.itertext())


def _add_value(
    found: FoundFields, name: str, value: str, pattern: re.Pattern[str] | None, *, by: str = "visible"
) -> None:
    """Take a field's value; a pattern with named groups fills the fields of those names instead."""
    if pattern is None:
        found.add(name, value, by=by)
        return
    match = pattern.search(value)
    if match is None:
        return
    if match.re.groupindex:
        for group, text in match.groupdict().items():
            found.add(group, text, by=by)
    else:
        found.add(name, match[1] if match.re.groups else match[0], by=by)
