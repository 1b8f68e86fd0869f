"""Templates to one self-contained HTML page, in which nothing runs but our own scripts.

All values are escaped by the template engine, data for scripts travels as JSON in which no tag can
begin, and a content security policy with the hashes of our scripts forbids everything else, the
network too.
"""

from __future__ import annotations

import base64
import hashlib
import json
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jinja2
from markupsafe import Markup

from newsclean.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["embedded_json", "render", "write_page"]

_HERE: Final = Path(__file__).parent
_JSON_ESCAPES: Final = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}
# What would turn round the text beside it, or hide: shown as what it is.
_CONTROLS: Final = {
    code: f"\\u{code:04x}"
    for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0x00AD, 0xFEFF)
} | {code: f"\\x{code:02x}" for code in range(32) if chr(code) not in "\t\n\r"}


def render(template: str, *, title: str, scripts: Sequence[str] = (), **values: Any) -> str:
    """Return a page made by `template`; `scripts` names the assets that run in it, in their order."""
    sources = [_asset(name) for name in scripts]
    policy = f"default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; script-src {_hashes(sources)}"
    return (
        _templates()
        .get_template(template)
        .render(
            title=title,
            policy=policy,
            style=Markup(_asset("style.css")),  # noqa: S704  (a file of ours)
            scripts=[Markup(source) for source in sources],  # noqa: S704  (same)
            **values,
        )
    )


def embedded_json(value: object) -> Markup:
    """Return `value` as JSON that may stand in a `<script type="application/json">`: no tag begins or ends in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_JSON_ESCAPES)
    return Markup(text)  # noqa: S704  (just escaped)


def write_page(path: Path, html: str) -> Path:
    """Write a page whole or not at all and return where it is; raises ConfigError where it cannot be written."""
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A lone surrogate, as broken pages have, cannot be written: it shows as its escape.
        partial.write_bytes(html.encode("utf-8", "backslashreplace"))
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise ConfigError(f"{path}: the page cannot be written: {error.strerror}; give it another place") from error
    return path


@cache
def _asset(name: str) -> str:
    return (_HERE / "assets" / name).read_text(encoding="utf-8").strip()


def _hashes(sources: Sequence[str]) -> str:
    digests = [base64.b64encode(hashlib.sha256(source.encode()).digest()).decode() for source in sources]
    return " ".join(f"'sha256-{digest}'" for digest in digests) or "'none'"


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=False,
        finalize=_shown,
    )


def _shown(value: object) -> object:
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return value.translate(_CONTROLS)
