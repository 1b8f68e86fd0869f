"""The language of a body text: script and letters first, then a model, each in a file of its own.

    body ─> first 1,000 characters ─> guard (too short? one language's script or letters?) ─> backend

`LanguageTag.source` says what decided: `script` (the guard), `words` (small words of a language the
model does not know), `none` (under 20 letters), else the backend's name. What the confidence means is
said where each of them answers.
"""

from __future__ import annotations

from newsclean.language.backends import Backend, open_backend
from newsclean.language.codes import conflicts
from newsclean.model import LanguageTag

__all__ = ["Backend", "LanguageTag", "backend_id", "conflicts", "identify", "warm"]

_SAMPLE_CHARS = 1_000


def identify(text: str, *, backend: str = "auto") -> LanguageTag:
    """Name the language of `text` by its first 1,000 characters: ISO 639-1 where there is a code, `und` if unclear.

    A pure function of the text and of what `backend_id` names; safe from several threads. ConfigError for a backend
    that is not known or not installed.
    """
    from newsclean.language.guard import decide  # noqa: PLC0415 - alphabets are built when a text comes

    model = open_backend(backend)
    sample = text[:_SAMPLE_CHARS]
    return decide(sample) or model.identify(sample)


def backend_id(backend: str = "auto") -> str:
    """Return what the answers depend on, as `langdetect-1.0.9+guard-1`, without loading a model."""
    from newsclean.language.guard import REVISION  # noqa: PLC0415 - as above

    return f"{open_backend(backend).version()}+guard-{REVISION}"


def warm(backend: str = "auto") -> None:
    """Load rules and model now: once a worker, so that no page pays for it."""
    identify("", backend=backend)
    open_backend(backend).warm()
