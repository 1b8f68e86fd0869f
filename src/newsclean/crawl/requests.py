"""What our requests carry, and how a request is written into the state and read back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from scrapy import Request
from scrapy.utils.request import request_from_dict

from newsclean.crawl.state.store import Kind

if TYPE_CHECKING:
    from collections.abc import Collection

    from scrapy import Spider

__all__ = ["FACTS", "Facts", "facts_of", "read_request", "write_request"]

FACTS = "newsclean"  # the key in a request's meta
_WRITE = msgspec.msgpack.Encoder()
_DEFAULTS: dict[str, Any] = {
    "callback": None,
    "errback": None,
    "method": "GET",
    "headers": {},
    "body": b"",
    "cookies": {},
    "meta": {},
    "encoding": "utf-8",
    "priority": 0,
    "dont_filter": False,
    "flags": [],
    "cb_kwargs": {},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a request is for: its kind, the story, when that was published, where it was found.

    `page` is the number of a listing's page, `gap` the number of the feed's gap that it is to fill.
    """

    kind: Kind = Kind.OTHER
    story: str | None = None
    published_at: dt.datetime | None = None
    found_in: str | None = None
    page: int = 1
    gap: int = 0
    gap_since: dt.datetime | None = None

    def meta(self) -> dict[str, Any]:
        """Return what goes under `FACTS` in a request's meta: plain values, unset ones left out."""
        values: dict[str, Any] = {
            "kind": str(self.kind),
            "story": self.story,
            "published_at": self.published_at.isoformat() if self.published_at else None,
            "found_in": self.found_in,
            "page": self.page if self.page > 1 else None,
            "gap": self.gap or None,
            "gap_since": self.gap_since.isoformat() if self.gap_since else None,
        }
        return {name: value for name, value in values.items() if value is not None}


def facts_of(request: Request) -> Facts:
    """Return what a request carries; one of somebody else's spider is for something other."""
    found = request.meta.get(FACTS)
    if not found:
        return Facts()
    times = {name: _time(found.get(name)) for name in ("published_at", "gap_since")}
    return Facts(**found | {"kind": Kind(found.get("kind", Kind.OTHER))} | times)


def _time(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def write_request(request: Request, spider: Spider, *, without: Collection[str] = ()) -> bytes:
    """Serialise a request, `without` some keys of its meta.

    Raises `ValueError` for a callback that is no method of the spider, `TypeError` for a meta value that is not plain.
    """
    values = {name: getattr(request, name) for name in request.attributes}
    values["headers"] = dict(request.headers)
    values["meta"] = {name: value for name, value in request.meta.items() if name not in without}
    for name in ("callback", "errback"):
        values[name] = _method_name(values[name], spider)
    plain = {name: value for name, value in values.items() if name not in _DEFAULTS or value != _DEFAULTS[name]}
    if type(request) is not Request:
        plain["_class"] = f"{type(request).__module__}.{type(request).__qualname__}"
    return _WRITE.encode(plain)


def _method_name(function: Any, spider: Spider) -> str | None:
    if function is None or isinstance(function, str):
        return function
    name = getattr(function, "__name__", "")
    own = getattr(spider, name, None) if name else None
    if own is None or getattr(own, "__func__", own) is not getattr(function, "__func__", function):
        raise ValueError(f"{function} is no method of spider {spider.name}")
    return str(name)


def read_request(written: bytes, spider: Spider) -> Request:
    """Return the request that `write_request` wrote; raises `ValueError` for a callback that the spider has not."""
    try:
        values = msgspec.msgpack.decode(written)
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from error
    return request_from_dict(values, spider=spider)
