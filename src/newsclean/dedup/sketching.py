"""Sketches: what is kept of an article to find its copies by, some 400 bytes, worked out once."""

from __future__ import annotations

import hashlib
from array import array
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, Protocol

import pyarrow as pa

from newsclean.dedup.agencies import AGENCY_COLUMNS, agency_evidence
from newsclean.dedup.earliest import MOMENT_COLUMNS, out_by
from newsclean.dedup.methods import Method
from newsclean.dedup.words import FEWEST_WORDS, has_enough, paragraphs_of, runs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["ARTICLE_COLUMNS", "Sketches", "band_names", "fingerprint", "sketch"]

ARTICLE_COLUMNS: Final = tuple(
    dict.fromkeys(("article_id", "body_sha256", "body", *MOMENT_COLUMNS, *AGENCY_COLUMNS))  # each once
)
_NOT_DECIDING: Final = frozenset({"__init__.py", "changes.py", "corrections.toml", "stories.py"})
_KEY_BYTES: Final = 8


class Sketches(Protocol):
    """The sketches of one part of the dataset, wherever they are kept; `paragraphs` is how many hashes they have."""

    @property
    def rows(self) -> int:
        """How many articles the part has."""

    @property
    def paragraphs(self) -> int:
        """How many paragraphs of them are told by their hashes."""

    def read(self, columns: Sequence[str]) -> pa.Table:
        """Return some columns, all rows in order."""


def fingerprint(method: Method) -> str:
    """Return what sketches, verdicts and clusters depend on besides the articles; fit to name a folder."""
    if method is not Method.MINHASH:
        return f"{method}-{_code()}"
    from newsclean.dedup.minhash import library_id  # noqa: PLC0415  (an extra)

    return f"{method}-{_code()}-{library_id()}"


@cache
def _code() -> str:
    digest = hashlib.sha256()
    folder = files("newsclean.dedup")
    for name in sorted(place.name for place in folder.iterdir() if place.name.endswith((".py", ".toml"))):
        if name not in _NOT_DECIDING:
            digest.update(f"{name}\0".encode() + (folder / name).read_bytes())
    return digest.hexdigest()[:16]


def band_names(method: Method) -> tuple[str, ...]:
    """Return the columns of a sketch that hold band hashes."""
    if method is not Method.MINHASH:
        return ()
    from newsclean.dedup.minhash import BANDS  # noqa: PLC0415  (an extra)

    return tuple(f"band{number:02}" for number in range(BANDS))


def sketch(rows: Iterable[Mapping[str, Any]], method: Method) -> pa.Table:
    """Return a row for each article, given with `ARTICLE_COLUMNS`, in their order.

    `text` is a hash of the folded body, equal for equal texts; `words` how many it has, 0 where
    it has too few to be compared; `out_by` when it was out; `paragraphs` hashes of the long ones.
    """
    made = _Columns(method)
    for row in rows:
        made.add(row)
    return made.table()


class _Columns:
    """The sketches of a file's articles, a column at a time."""

    def __init__(self, method: Method) -> None:
        self._method = method
        self._facts: dict[str, list[Any]] = {
            name: [] for name in ("article_id", "body_sha256", "text", "words", "out_by", "agency", "agency_evidence")
        }
        self._paragraphs: list[list[int]] = []
        self._bands = array("I")
        self._names = band_names(method)

    def add(self, row: Mapping[str, Any]) -> None:
        paragraphs = list(paragraphs_of(row["body"]))
        words = [word for paragraph in paragraphs for word in paragraph]
        is_long = len(words) >= FEWEST_WORDS
        agency, evidence = agency_evidence(row) or (None, None)
        # What is too short to be compared stays with its own article.
        text = _key(words) if is_long else _key((row["article_id"], row["body_sha256"]))
        facts = (row["article_id"], row["body_sha256"], text, len(words) if is_long else 0, out_by(row))
        for column, value in zip(self._facts.values(), (*facts, agency, evidence), strict=True):
            column.append(value)
        if self._method is not Method.EXACT:
            self._paragraphs.append([_key(one) for one in paragraphs if is_long and has_enough(one)])
        if self._names:
            self._add_bands(words if is_long else ())

    def _add_bands(self, words: Sequence[str]) -> None:
        from newsclean.dedup.minhash import bands_of  # noqa: PLC0415  (an extra)

        self._bands.extend(
            bands_of(map(" ".join, runs_of(words))) if words else array("I", bytes(4 * len(self._names)))
        )

    def table(self) -> pa.Table:
        kinds = {"text": pa.int64(), "words": pa.int32(), "out_by": pa.int64()}
        columns: dict[str, pa.Array[Any]] = {
            name: pa.array(values, type=kinds.get(name, pa.string())) for name, values in self._facts.items()
        }
        if self._method is not Method.EXACT:
            columns["paragraphs"] = pa.array(self._paragraphs, type=pa.list_(pa.int64()))
        count = len(columns["text"])
        for at, name in enumerate(self._names):
            values = self._bands[at :: len(self._names)]
            columns[name] = pa.Array.from_buffers(pa.uint32(), count, [None, pa.py_buffer(values.tobytes())])
        counts = {"paragraphs": str(sum(map(len, self._paragraphs)))}
        return pa.table(columns).replace_schema_metadata(counts)


def _key(words: Iterable[str]) -> int:
    digest = hashlib.blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES).digest()
    return int.from_bytes(digest, "little", signed=True)
