"""`newsclean dedup`: what it prints, and how it ends."""

from __future__ import annotations

import json


def test_it_says_what_it_found(clean, newsclean):
    """A line for people, one object for machines, nothing when quiet; a second run has nothing to do."""
    assert clean("-q").exit_code == 0
    done = newsclean("dedup", "clean", "--workers", 0, "--method", "minhash")
    assert done.exit_code == 0
    assert done.stdout.startswith("clean: 3 texts, ")
    assert "(3 articles looked at, " in done.stdout
    found = json.loads(newsclean("dedup", "clean", "--json", "--method", "minhash").stdout)
    assert (found["state"], found["texts"], found["sketched"]) == ("nothing_to_do", 3, 0)
    assert newsclean("dedup", "clean", "-q", "--workers", 0, "--method", "exact").output == ""


def test_without_the_extra_it_says_what_is_not_found(clean, newsclean, monkeypatch):
    """Where rensa is not installed, paragraphs are compared, and the remedy is named."""
    clean("-q")
    monkeypatch.setattr("newsclean.dedup.methods.find_spec", lambda _: None)
    done = newsclean("dedup", "clean", "--workers", 0)
    assert "by paragraphs)" in done.stdout
    assert 'pip install "newsclean[dedup]"' in done.stdout
    done = newsclean("dedup", "clean", "--method", "minhash")
    assert done.exit_code == 2
    assert 'pip install "newsclean[dedup]"' in done.stderr


def test_the_view_is_printed_without_a_dataset(newsclean):
    """--view prints SQL for the named folder, whether or not it is there."""
    done = newsclean("dedup", "some/where/", "--view")
    assert done.exit_code == 0
    assert "read_parquet('some/where/clusters/*.parquet')" in done.stdout


def test_faults_end_with_their_codes(newsclean, tmp_path):
    """No dataset: 3; an unknown method: 2."""
    assert newsclean("dedup", tmp_path / "none").exit_code == 3
    done = newsclean("dedup", tmp_path / "none", "--method", "simhash")
    assert done.exit_code == 2
    assert "there are auto, exact, paragraphs, minhash" in done.stderr
