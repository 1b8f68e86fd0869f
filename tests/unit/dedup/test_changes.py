"""What a story's next text changed."""

from __future__ import annotations

import pytest

from newsclean.dedup.changes import Change, Version, changes_between

BODY = "The ferry is back.\n\nIt sails on Monday at nine.\n\nNobody had expected it."


def version(title="Ferry is back", standfirst=None, body=BODY):
    return Version(title=title, standfirst=standfirst, body=body)


@pytest.mark.parametrize(
    ("new", "kinds"),
    [
        (version(title="Ferry sails again"), ["headline"]),
        (version(standfirst="After two weeks"), ["standfirst"]),
        (version(body=BODY + "\n\nThe mayor was there."), ["added"]),
        (version(body=BODY.replace(" at nine", " at nine sharp")), ["added"]),
        (version(body=BODY.replace("\n\nNobody had expected it.", "")), ["cut"]),
        (version(body=BODY.replace("nine", "ten")), ["edited"]),
        (
            version(body=BODY.replace("nine", "ten") + "\n\nCorrection: the ferry sails at ten."),
            ["correction", "edited"],
        ),
        (version(title="Ferry sails", body=BODY + "\n\nThe mayor was there."), ["headline", "added"]),
        (version(body="\n\n".join(reversed(BODY.split("\n\n")))), ["edited"]),
        (version(), []),
    ],
)
def test_changes_are_named(new, kinds):
    """Headline, standfirst, correction note, text that only came, only went, or both."""
    assert changes_between(version(), new).kinds == tuple(kinds)


def test_changes_are_counted():
    """Whole blocks that came and went are told, and how many words of them are others."""
    found = changes_between(version(), version(body=BODY.replace("nine", "ten") + "\n\nThe mayor was there."))
    assert found.kinds == (Change.EDITED,)
    assert found.blocks_cut == ("It sails on Monday at nine.",)
    assert found.blocks_added == ("It sails on Monday at ten.", "The mayor was there.")
    assert (found.words_added, found.words_cut) == (5, 1)


@pytest.mark.parametrize(
    "note",
    [
        "Correction: the ferry sails on Monday.",
        "* Editor’s note: this has been changed.",
        "This article was amended on 6 May 2024 to say when the ferry sails.",
        "An earlier version of this story gave another day.",
        "Anmerkung der Redaktion: Die Fähre fährt montags.",
        "In einer früheren Version hieß es, die Fähre fahre dienstags.",
        "Rectificatif : le bac part lundi.",
        "Fe de errores: el barco sale el lunes.",
        "В предыдущей версии говорилось о вторнике.",
        "Исправлено: паром отходит в понедельник.",
        "更正：渡轮星期一启航。",
    ],
)
def test_correction_notes_are_known_in_many_languages(note):
    """A block that says what was wrong is a correction."""
    assert Change.CORRECTION in changes_between(version(), version(body=f"{BODY}\n\n{note}")).kinds


@pytest.mark.parametrize("text", ["The correction of the course took an hour.", "Update: the ferry has sailed."])
def test_other_text_is_no_correction(text):
    """Neither a word in a sentence nor an update corrects anything."""
    assert changes_between(version(), version(body=f"{BODY}\n\n{text}")).kinds == (Change.ADDED,)
