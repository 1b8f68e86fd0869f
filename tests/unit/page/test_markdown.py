"""Markdown's marks go and are accounted for; what only looks like one stays."""

from __future__ import annotations

import pytest

from newsclean.page.markdown import without_marks

LINKS = "\n".join(f"* [Section {n}](/section/{n})" for n in range(5))
PLAIN_LINKS = "\n".join(f"* Section {n}" for n in range(5))


@pytest.mark.parametrize(
    ("marked", "plain", "marks"),
    [
        ("## Bridge to be *rebuilt*", "Bridge to be rebuilt", ["##", "**"]),
        ("The [council](https://a.example/c_(town) 'Town') decided", "The council decided", None),
        ("![The bridge](/b.jpg)", "", ["![The bridge](/b.jpg)"]),
        ("[ ![The bridge](/b.jpg) ](/gallery) Photo", "   Photo", None),
        ("**By [Anna Smith](/anna)**, __harbour__ correspondent", "By Anna Smith, harbour correspondent", None),
        ("> _“Never again,”_ said the mayor", "“Never again,” said the mayor", None),
        (r"1\. It cost 40 \$ \[net\]", "1. It cost 40 $ [net]", None),
        ("#bridge and 2 * 3 * 4, some_file_name, a [note], f(x)", None, []),
        ("C# is not # a heading", None, []),
        ("*** and **not closed", None, []),
    ],
)
def test_marks(marked: str, plain: str | None, marks: list[str] | None) -> None:
    """Each form by itself, in a text with enough links to be Markdown."""
    text, taken = without_marks(f"{LINKS}\n{marked}")
    assert text == f"{PLAIN_LINKS}\n{marked if plain is None else plain}"
    if marks is not None:
        assert list(taken.get(6, [])) == marks
    assert list(taken[1]) == ["[](/section/0)"]


def test_few_links_are_no_markdown() -> None:
    """A text that has stars and brackets of its own is left alone."""
    text = "# A *note* [1](2) and f[x](y)\n**Home**"
    assert without_marks(text) == (text, {})
