"""What a row depends on besides its page: hashes that tell whether cleaning again could change it."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from newsclean.dataset import RunStamp
from newsclean.language import backend_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsclean.extract.routing import Router

__all__ = ["code_sha256", "new_stamp"]

# Everything that decides rows; how pages are handed around and written does not.
_DECIDING: Final = (
    "errors.py",
    "text.py",
    "model.py",
    "page",
    "extract",
    "cleaning",
    "language",
    "sources",
    "run/pipeline.py",
)


@cache
def code_sha256() -> str:
    """Return the hash over the source files that decide rows, names and contents."""
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sorted(_deciding_files(package)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(package).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def new_stamp(router: Router, *, language_backend: str) -> RunStamp:
    """Return the stamp of a run that begins now; an unknown backend is a ConfigError."""
    now = dt.datetime.now(dt.UTC)
    return RunStamp(
        run_id=f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}",
        cleaned_at=now,
        newsclean_version=version("newsclean"),
        code_sha256=code_sha256(),
        language_backend=backend_id(language_backend),
        routing_sha256=router.sha256,
    )


def _deciding_files(package: Path) -> Iterator[Path]:
    for name in _DECIDING:
        path = package / name
        if path.is_dir():
            yield from path.rglob("*.py")
        elif path.exists():
            yield path
