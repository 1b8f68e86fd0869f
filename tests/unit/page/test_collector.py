"""The garbage collector rests while a page is read, and never longer."""

from __future__ import annotations

import gc

import pytest

from newsclean.page.collector import collector_at_rest


def test_the_collector_works_again_afterwards():
    """Inside a block, and blocks within it, the collector rests; after the outermost it works."""
    assert gc.isenabled()
    with collector_at_rest():
        with collector_at_rest():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_works_again_after_an_error():
    """A page that cannot be read leaves the collector at work."""

    @collector_at_rest()
    def read():
        raise ValueError("a fault")

    with pytest.raises(ValueError, match="a fault"):
        read()
    assert gc.isenabled()


def test_a_collector_that_was_switched_off_stays_off():
    """Who switched the collector off has a reason; reading a page does not switch it on."""
    gc.disable()
    try:
        with collector_at_rest():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
