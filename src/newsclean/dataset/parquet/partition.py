"""Which folder of a partitioned table a row lies in: `site_key=tass.com`, `published_month=2024-05`.

Only `articles` is partitioned: `pages` and `removals` are the ledger, which is read by run and by page,
and three times as many files would make nothing faster. The key has another name than the column, so
that a reader which takes it for a column of its own (DuckDB, pyarrow, Polars, pandas) does not meet two
of one name; the value itself stays in the file, for readers that know nothing of folders (HF datasets).

A value is written as Hive and URLs do it: what is not a small letter, a digit, a hyphen, or a dot between
two of these, is percent-encoded as UTF-8. So no value leads out of the folder, none needs a quote, and no
two become one on a disk that ignores case. `__none__` stands for no value; no encoded value has a `_`.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from newsclean.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["COLUMNS", "NONE", "PARTITIONED", "PARTITIONINGS", "check_partitioning", "folder_name"]

NONE: Final = "none"
PARTITIONED: Final = "articles"
COLUMNS: Final[Mapping[str, str]] = {"site": "site", "month": "published_at"}
PARTITIONINGS: Final = (NONE, *COLUMNS)
_KEYS: Final = {"site": "site_key", "month": "published_month"}
_NO_VALUE: Final = "__none__"
_UNSAFE: Final = re.compile(rb"(?<![a-z0-9])\.|\.(?![a-z0-9])|[^a-z0-9.-]")
# With the key it stays below the 255 bytes that a name may have, and the path below what Windows takes.
_MOST_BYTES: Final = 150
_CUT_BYTES: Final = 100


def check_partitioning(name: str) -> str:
    """Return `name` if tables can be partitioned so; ConfigError, with what there is, if not."""
    if name not in PARTITIONINGS:
        raise ConfigError(f"partition_by: {name!r} is unknown; known are {', '.join(PARTITIONINGS)}")
    return name


def folder_name(partition_by: str, value: str | None) -> str:
    """Return the folder of the rows with that value: a site, or a month as `2024-05`; None and "" are no value."""
    return f"{_KEYS[partition_by]}={_encoded(value) if value else _NO_VALUE}"


def _encoded(value: str) -> str:
    content = value.encode("utf-8", "backslashreplace")
    found = _UNSAFE.sub(lambda match: b"%%%02x" % match[0][0], content).decode("ascii")
    if len(found) <= _MOST_BYTES:
        return found
    # A cut within an escape would not be one: the part that is left over goes too.
    cut = re.sub(r"%[0-9a-f]?$", "", found[:_CUT_BYTES])
    return f"{cut}__{hashlib.sha256(content).hexdigest()[:16]}"
