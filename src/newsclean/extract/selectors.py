"""CSS selectors over a `PageView` without a walk through the tree for each of them.

A battery of XPaths is what makes extraction slow (0.3 ms each on a page of 100 kB). Selectors made
of tags, classes, ids and attributes, joined by descendant or child, start from the page's index of
elements and look upwards, or downwards where only what stands above has a class or an id; any other
selector is handed to lxml as XPath.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cssselect import HTMLTranslator, SelectorError
from cssselect import parser as css

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from newsclean.page import PageView

__all__ = ["SelectorError", "compile_css"]


_Test = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class _Matcher:
    """Index keys of a selector's rightmost compound, a test, and what may stand above it, to start from there."""

    keys: list[str]
    test: _Test
    above: _Matcher | None = None
    is_child: bool = False
    itself: _Test | None = None


@lru_cache(maxsize=4096)
def compile_css(selector: str) -> Callable[[PageView], list[HtmlElement]]:
    """Return a function that finds the elements `selector` matches, in document order.

    Raises `SelectorError` (of cssselect) when it cannot be parsed.
    """
    parsed = css.parse(selector)
    matchers = [_compile(one.parsed_tree) if one.pseudo_element is None else None for one in parsed]
    if any(matcher is None for matcher in matchers):
        return _by_xpath(HTMLTranslator().css_to_xpath(selector))
    ready = [matcher for matcher in matchers if matcher is not None]
    if len(ready) == 1:
        return _selected(ready[0])
    return _select_union(ready)


def _selected(matcher: _Matcher) -> Callable[[PageView], list[HtmlElement]]:
    key = _rarest(matcher.keys)
    if matcher.above is not None and key[0] not in "#." and _rarest(matcher.above.keys)[0] in "#.":
        return _selected_below(matcher, matcher.above, key)
    test = matcher.test

    def select(view: PageView) -> list[HtmlElement]:
        return [element for element in view.elements.get(key, ()) if test(element)]

    return select


def _selected_below(matcher: _Matcher, above: _Matcher, tag: str) -> Callable[[PageView], list[HtmlElement]]:
    """Start from the few elements above that have a class or an id, not from all those of a tag."""
    select_above = _selected(above)
    itself = matcher.itself or matcher.test
    children = matcher.is_child

    def select(view: PageView) -> list[HtmlElement]:
        tops = select_above(view)
        found: dict[HtmlElement, None] = {}
        for top in tops:
            for element in top.iterchildren(tag) if children else top.iterdescendants(tag):
                if itself(element):
                    found[element] = None
        if children and len(tops) > 1:  # children of one top may stand amid those of another
            return [element for element in view.elements.get(tag, ()) if element in found]
        return list(found)

    return select


def _select_union(matchers: list[_Matcher]) -> Callable[[PageView], list[HtmlElement]]:
    ready = [_selected(matcher) for matcher in matchers]

    def select(view: PageView) -> list[HtmlElement]:
        found = {element for one in ready for element in one(view)}
        if len(found) < 2:  # noqa: PLR2004  (one element needs no sorting)
            return list(found)
        return [element for element in view.tree.iter() if element in found]

    return select


def _by_xpath(xpath: str) -> Callable[[PageView], list[HtmlElement]]:
    def select(view: PageView) -> list[HtmlElement]:
        found: list[HtmlElement] = view.tree.xpath(xpath)
        return found

    return select


def _rarest(keys: list[str]) -> str:
    """Return the index key to start from: an id before a class before a tag."""
    return min(keys, key=lambda key: "#.".find(key[0]) if key[0] in "#." else 2)


def _compile(tree: Any) -> _Matcher | None:
    """Return how to find what a selector without commas matches, None where XPath must do it."""
    if isinstance(tree, css.CombinedSelector):
        return _compile_combined(tree)
    return _compile_compound(tree)


def _compile_combined(tree: Any) -> _Matcher | None:
    right, left = _compile_compound(tree.subselector), _compile(tree.selector)
    if right is None or left is None or tree.combinator not in {" ", ">"}:
        return None
    test_self, test_above = right.test, left.test
    is_child = tree.combinator == ">"
    above = _parent if is_child else _any_ancestor
    return _Matcher(
        keys=right.keys,
        test=lambda element: test_self(element) and above(element, test_above),
        above=left,
        is_child=is_child,
        itself=test_self,
    )


def _any_ancestor(element: Any, test: Callable[[Any], bool]) -> bool:
    return any(test(ancestor) for ancestor in element.iterancestors())


def _parent(element: Any, test: Callable[[Any], bool]) -> bool:
    parent = element.getparent()
    return parent is not None and test(parent)


def _compile_compound(tree: Any) -> _Matcher | None:
    keys: list[str] = []
    tests: list[Callable[[Any], bool]] = []
    while not isinstance(tree, css.Element):
        test = _simple_test(tree)
        if test is None:
            return None
        tests.append(test)
        if isinstance(tree, css.Class):
            keys.append("." + tree.class_name)
        elif isinstance(tree, css.Hash):
            keys.append("#" + tree.id)
        tree = tree.selector
    if tree.namespace:
        return None
    if tree.element:
        tag = tree.element.lower()
        keys.append(tag)
        tests.append(lambda element: element.tag == tag)
    return _Matcher(keys, _all_of(tests)) if keys else None


def _all_of(tests: list[Callable[[Any], bool]]) -> Callable[[Any], bool]:
    if len(tests) == 1:
        return tests[0]
    return lambda element: all(test(element) for test in tests)


def _simple_test(tree: Any) -> Callable[[Any], bool] | None:
    if isinstance(tree, css.Class):
        name = tree.class_name
        return lambda element: name in element.get("class", "").split()
    if isinstance(tree, css.Hash):
        identity = tree.id
        return lambda element: element.get("id") == identity
    if isinstance(tree, css.Attrib) and not tree.namespace:
        return _attribute_test(tree)
    if isinstance(tree, css.Negation):
        return _negated_test(tree.subselector)
    return None


def _negated_test(tree: Any) -> Callable[[Any], bool] | None:
    """Return the test of `:not(...)` around one class, id or attribute; None where there is more inside."""
    bare = getattr(tree, "selector", None)
    test = _simple_test(tree) if isinstance(bare, css.Element) and not bare.element and not bare.namespace else None
    return (lambda element: not test(element)) if test else None


def _attribute_test(tree: Any) -> Callable[[Any], bool] | None:
    name = tree.attrib
    if tree.operator == "exists":
        return lambda element: element.get(name) is not None
    value = tree.value.value
    compare = _COMPARISONS.get(tree.operator)
    if compare is None or not value:
        return None
    return lambda element: compare(element.get(name, ""), value)


_COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda have, want: have == want,
    "^=": lambda have, want: have.startswith(want),
    "$=": lambda have, want: have.endswith(want),
    "*=": lambda have, want: want in have,
    "~=": lambda have, want: want in have.split(),
}
