"""Which backend a name opens."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from importlib.metadata import EntryPoint, EntryPoints

import pytest

from newsclean.errors import ConfigError
from newsclean.language import LanguageTag, backend_id, backends, identify, warm

TEXT = "The city council decided yesterday to repair the old bridge and to open a new school."


class Oracle:
    """A backend of another package."""

    def version(self):
        return "oracle-7"

    def warm(self):
        self.is_warm = True

    def identify(self, sample):
        return LanguageTag(language="eo", confidence=0.5, source="oracle")


@pytest.fixture
def fresh():
    """Forget opened backends before and after a test that changes what is installed."""
    backends._open.cache_clear()
    backends._best_installed.cache_clear()
    yield
    backends._open.cache_clear()
    backends._best_installed.cache_clear()


@pytest.fixture
def without_py3langid(fresh, monkeypatch):
    for name in [name for name in sys.modules if name.startswith(("py3langid", "newsclean.language.py3langid"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "py3langid", None)
    monkeypatch.setattr(backends, "find_spec", lambda name: None)


def _install(monkeypatch, value):
    point = EntryPoint(name="oracle", value=value, group=backends.ENTRY_POINTS)
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda **_: EntryPoints([point]))


def test_unknown_name_answers_with_the_known_ones(fresh):
    """An unknown backend is a ConfigError that lists what there is."""
    with pytest.raises(ConfigError, match=r"no language backend 'langdetct'; known: auto, langdetect, py3langid"):
        identify(TEXT, backend="langdetct")


def test_missing_extra_names_the_remedy(without_py3langid):
    """py3langid asked for by name but not installed says what to install."""
    for ask in (
        lambda: identify(TEXT, backend="py3langid"),
        lambda: backend_id("py3langid"),
        lambda: warm("py3langid"),
    ):
        with pytest.raises(ConfigError, match=r"pip install newsclean\[lid\]"):
            ask()


def test_auto_is_langdetect_without_the_extra(without_py3langid):
    """Without the extra `auto` is langdetect, and its id says so."""
    assert backend_id("auto") == backend_id("langdetect")
    assert identify(TEXT, backend="auto").source == "langdetect"


def test_auto_is_py3langid_with_the_extra(fresh):
    """With the extra `auto` is py3langid, and its id says so."""
    pytest.importorskip("py3langid")
    assert backend_id("auto") == backend_id("py3langid")
    assert identify(TEXT).source == "py3langid"


def test_entry_points_add_backends(fresh, monkeypatch):
    """A backend of another package is opened by its name, behind the guard, and warmed once."""
    monkeypatch.setitem(sys.modules, "oracle_package", type(sys)("oracle_package"))
    sys.modules["oracle_package"].Oracle = Oracle
    _install(monkeypatch, "oracle_package:Oracle")
    assert identify(TEXT, backend="oracle").language == "eo"
    assert identify("Too short", backend="oracle").language == "und"
    assert backend_id("oracle").startswith("oracle-7+guard-")
    warm("oracle")
    assert backends.open_backend("oracle").is_warm
    assert "oracle" in backends.known_names()


def test_broken_entry_point_is_a_config_error(fresh, monkeypatch):
    """A backend that cannot be imported is told by name and place."""
    _install(monkeypatch, "no_such_package:Backend")
    with pytest.raises(ConfigError, match="'oracle': no_such_package:Backend cannot be loaded"):
        identify(TEXT, backend="oracle")


def test_id_names_library_and_rules():
    """The id changes with the library and with the rules."""
    assert backend_id("langdetect") == "langdetect-1.0.9+guard-1"


def test_import_loads_no_model():
    """Importing the package, or asking for an unknown text's language of one script, imports no model."""
    code = (
        "import sys; import newsclean.language; "
        "sys.exit(any(name.split('.')[0] in {'langdetect', 'py3langid', 'numpy'} for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
