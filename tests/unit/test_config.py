"""newsclean.toml: the project around a working directory."""

from __future__ import annotations

import pytest

from newsclean.config import find_project
from newsclean.errors import ConfigError


def test_without_the_file_nothing_is_added(tmp_path):
    """A folder sites/ alone makes no project."""
    (tmp_path / "sites").mkdir()
    assert find_project(tmp_path).sites == ()


def test_an_empty_file_adds_the_folder_beside_it(tmp_path):
    """sites/ beside newsclean.toml is used, if it is there."""
    (tmp_path / "newsclean.toml").touch()
    assert find_project(tmp_path).sites == ()
    (tmp_path / "sites").mkdir()
    assert find_project(tmp_path).sites == (tmp_path / "sites",)


def test_other_folders_can_be_named(tmp_path):
    """Folders are named relative to the file."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "newsclean.toml").write_text('sites = ["mine"]')
    assert find_project(tmp_path).sites == (tmp_path / "mine",)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('site = ["mine"]', 'newsclean.toml: site: unknown key; did you mean "sites"?'),
        ("sites = 3", "newsclean.toml: sites: a list of folder names is needed"),
        ('sites = ["gone"]', "sites: no folder .*gone; make it"),
        ("sites = [", "newsclean.toml: no TOML"),
        (b"\xff", "newsclean.toml: no TOML"),
    ],
)
def test_what_cannot_be_used_is_said_with_its_place(tmp_path, content, message):
    """File, key and remedy are in the message."""
    (tmp_path / "newsclean.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ConfigError, match=message.replace("?", r"\?")):
        find_project(tmp_path)
