"""Objects as Arrow opens them: read in ranges, without Python between.

Keys and region come from where AWS's own tools take them (environment, ~/.aws, the machine's role);
AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL names another store that speaks the same protocol.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Final

from pyarrow import fs

from newsclean.remote.objects import StoreError
from newsclean.remote.path import StorePath

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

__all__ = ["arrow_store", "readable"]

_CONNECT_S: Final = 10.0
_REQUEST_S: Final = 60.0


def arrow_store() -> fs.S3FileSystem:
    """Return Arrow's view of the store."""
    # Arrow reads keys and region from the environment, but not the endpoint.
    return _store(os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL"))


def readable(path: Path) -> Path | pa.NativeFile:
    """Return what Arrow can read of a path: the path itself on a disk, an open file in a store.

    Raises FileNotFoundError where the store has no such object, StoreError where it cannot be asked.
    """
    if not isinstance(path, StorePath):
        return path
    try:
        return arrow_store().open_input_file(path.for_arrow)
    except FileNotFoundError:
        raise
    except OSError as error:
        remedy = "run again; if it stays so, see AWS_ENDPOINT_URL, AWS_REGION and the keys"
        raise StoreError(str(path), f"the store gives nothing: {str(error).partition(chr(10))[0]}", remedy) from error


@cache
def _store(endpoint: str | None) -> fs.S3FileSystem:
    return fs.S3FileSystem(endpoint_override=endpoint, connect_timeout=_CONNECT_S, request_timeout=_REQUEST_S)
