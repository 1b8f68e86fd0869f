"""Codes, and when a declared language is at odds with the detected one."""

from __future__ import annotations

import pytest

from newsclean.language import LanguageTag, conflicts
from newsclean.language.codes import primary_subtag


@pytest.mark.parametrize(
    ("code", "subtag"),
    [
        ("en-US", "en"),
        ("pt_BR", "pt"),
        ("zh-cn", "zh"),
        ("zh-Hant-TW", "zh"),
        ("yue", "zh"),
        ("iw", "he"),
        ("eng", "en"),
        ("nso", "nso"),
        (" DE ", "de"),
        ("en, fr", "en"),
        ("english", None),
        ("x-default", None),
        ("", None),
    ],
)
def test_primary_subtag_has_its_short_form(code, subtag):
    """A tag is reduced to ISO 639-1 where there is such a code; what is no tag is nothing."""
    assert primary_subtag(code) == subtag


@pytest.mark.parametrize(
    ("declared", "detected"),
    [
        ("en-GB", "en"),
        ("zh-Hant", "zh"),
        ("iw", "he"),
        ("in", "id"),
        ("ji", "yi"),
        ("nb-NO", "no"),
        ("nn", "no"),
        ("no", "nn"),
        ("sr-Latn", "hr"),
        ("sh", "sr"),
        ("bs", "hr"),
        ("ms-MY", "id"),
        ("fil", "tl"),
        ("en", "und"),
        ("und", "en"),
        ("mul", "en"),
        ("x-default", "en"),
        (None, "en"),
    ],
)
def test_one_language_under_two_codes_is_no_conflict(declared, detected):
    """Regions, older codes, norms of one language and unknown languages are no conflict."""
    assert not conflicts(LanguageTag(language=detected, confidence=1.0, source="test", declared=declared))


@pytest.mark.parametrize(("declared", "detected"), [("en", "de"), ("ru-RU", "uk"), ("da", "no"), ("zh", "ja")])
def test_two_languages_are_a_conflict(declared, detected):
    """A page that declares another language than its text has is told."""
    assert conflicts(LanguageTag(language=detected, confidence=1.0, source="test", declared=declared))
