"""The scripts that fit the models of text dumps still run on real pages; what they give is not looked at here."""

from __future__ import annotations

import importlib
import json
from itertools import islice
from typing import Any

import pytest

from newsclean.extract.generic.dumps.extractor import body_of
from newsclean.extract.generic.dumps.model import read_weights

PAGES = 12


@pytest.fixture
def line_fit(shared: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the script that fits the line model, told to go but a few rounds."""
    assert shared.is_dir()
    pytest.importorskip("numpy")
    script = importlib.import_module("fit_dump_model")
    monkeypatch.setattr(script, "ROUNDS", 3)
    return script


def test_the_line_model_can_be_fitted(line_fit: Any) -> None:
    """The weights that come out can be used, and a page without lines has no features."""
    data = list(islice(line_fit.pages(), PAGES))
    assert line_fit.page_of("\n\n", data[0]["row"], "empty")["ids"] == []
    found = line_fit.as_weights(*line_fit.fit(data))
    weights = read_weights(json.loads(line_fit.written(found)))
    assert any(found["steps"].values())
    assert any(body_of(page["seen"], weights) for page in data)


def test_the_headline_can_be_fitted(line_fit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Traits and right lines come out of real pages, and most pages have a right line."""
    script = importlib.import_module("fit_dump_title")
    monkeypatch.setattr(script, "pages", lambda: islice(line_fit.pages(), PAGES))
    monkeypatch.setattr(script, "ROUNDS", 3)
    data = list(script.choices())
    assert sum(right.any() for *_, right in data) > len(data) / 2
    weights = script.fit(data)
    assert script.written(weights) != script.SOURCE.read_text(encoding="utf-8")
    compile(script.written(weights), str(script.SOURCE), "exec")
