"""The few things that are asked of an object store (extra `s3`): put, get, list, delete, copy, conditional put.

Keys and region come from where AWS's own tools take them; AWS_ENDPOINT_URL names another store of the same protocol.
What fails in passing (a connection that breaks off, a store that asks for patience) is tried again after a pause
that grows; AWS_MAX_ATTEMPTS says how often.
"""

from __future__ import annotations

import os
import re
from functools import cache
from typing import IO, TYPE_CHECKING, Any, Final

from newsclean.errors import ConfigError, DatasetError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["SCHEME", "ObjectStore", "StoreError"]

SCHEME: Final = "s3://"
_ATTEMPTS: Final = 6
_CONNECT_S: Final = 10
_ANSWER_S: Final = 60
_CONNECTIONS: Final = 32
# What is larger than a store takes in one request goes up, and is copied, in parts.
_ONE_REQUEST_BYTES: Final = 4 * 2**30
_TAKEN: Final = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})
_MISSING: Final = frozenset({"NoSuchKey", "404", "NotFound"})
_DENIED: Final = frozenset(
    {"AccessDenied", "403", "Forbidden", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"}
)
_KEYS: Final = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
# An address of a store may have a name and a password in front of its host, or a signature behind it.
_SECRET: Final = re.compile(r"(?<=://)[^/\s@\"]+@|\?[^\s\"]+")


class StoreError(DatasetError, OSError):
    """A store that cannot be used: at which address, the cause, and the remedy."""

    def __init__(self, place: str, cause: str, remedy: str) -> None:
        super().__init__(f"{place}: {cause}; {remedy}")
        self.place, self.cause, self.remedy = place, cause, remedy

    def __reduce__(self) -> tuple[type[StoreError], tuple[str, str, str]]:
        """Pickle by the arguments: the default would hand only the whole text to `__init__`."""
        return type(self), (self.place, self.cause, self.remedy)

    def __str__(self) -> str:
        return str(self.args[0])


class ObjectStore:
    """The objects below `s3://bucket/prefix/`, by their keys there.

    Raises ConfigError without the extra or where the address is none, StoreError where the store cannot be used.
    """

    def __init__(self, address: str) -> None:
        bucket, _, prefix = address.removeprefix(SCHEME).partition("/")
        if "@" in bucket:
            raise ConfigError(f"{SCHEME}...@{bucket.rpartition('@')[2]}: an address has no keys in it; give {_KEYS}")
        if not bucket:
            raise ConfigError(f"{address}: names no bucket; write s3://bucket/folder")
        self.address = address
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        try:
            self._client, self._failures = _client(os.environ.get("AWS_ENDPOINT_URL"))
        except ImportError as error:
            raise ConfigError(f"{address}: needs an extra; pip install 'newsclean[s3]'") from error

    def put(self, key: str, body: bytes | IO[bytes]) -> None:
        """Write an object, which is there as a whole or not at all."""
        try:
            if isinstance(body, bytes):
                self._client.put_object(Bucket=self._bucket, Key=self._key(key), Body=body)
            else:
                self._client.upload_fileobj(body, self._bucket, self._key(key), Config=_transfer())
        except self._failures as error:
            raise self._error(key, error) from error

    def put_if(self, key: str, body: bytes, *, etag: str | None) -> str | None:
        """Write an object if it is still what `etag` says (None: if there is none); its new ETag, None if it is not."""
        condition = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        try:
            answer = self._client.put_object(Bucket=self._bucket, Key=self._key(key), Body=body, **condition)
        except self._failures as error:
            if _code(error) in _TAKEN | _MISSING:
                return None
            raise self._error(key, error) from error
        return str(answer["ETag"])

    def get(self, key: str) -> tuple[bytes, str] | None:
        """Return an object's bytes and its ETag, None where there is none."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=self._key(key))
                return answer["Body"].read(), str(answer["ETag"])
            except self._failures as error:
                if _code(error) in _MISSING:
                    return None
                # An answer is tried for by the client; one that breaks off on its way is our business.
                if _code(error) or attempt == _ATTEMPTS:
                    raise self._error(key, error) from error
        return None

    def get_into(self, key: str, file: IO[bytes]) -> bool:
        """Write an object's bytes to an open file; False where there is none."""
        try:
            self._client.download_fileobj(self._bucket, self._key(key), file)
        except self._failures as error:
            if _code(error) in _MISSING:
                return False
            raise self._error(key, error) from error
        return True

    def size(self, key: str) -> int | None:
        """Return an object's size in bytes, None where there is none."""
        try:
            return int(self._client.head_object(Bucket=self._bucket, Key=self._key(key))["ContentLength"])
        except self._failures as error:
            if _code(error) in _MISSING:
                return None
            raise self._error(key, error) from error

    def copy(self, source: str, target: str) -> bool:
        """Have the store copy an object, whole or not at all; False where there is none."""
        origin = {"Bucket": self._bucket, "Key": self._key(source)}
        try:
            self._client.copy(origin, self._bucket, self._key(target), Config=_transfer())
        except self._failures as error:
            if _code(error) in _MISSING:
                return False
            raise self._error(target, error) from error
        return True

    def delete(self, key: str) -> None:
        """Delete an object; one that is not there is no error."""
        try:
            self._client.delete_object(Bucket=self._bucket, Key=self._key(key))
        except self._failures as error:
            raise self._error(key, error) from error

    def upload(self, path: Path, key: str) -> None:
        """Write a file as an object, which is there as a whole or not at all."""
        try:
            self._client.upload_file(str(path), self._bucket, self._key(key))
        except self._failures as error:
            raise self._error(key, error) from error

    def download(self, key: str, path: Path) -> bool:
        """Write an object to a file, which is there as a whole or not at all; False where there is none."""
        partial = path.with_name(f"{path.name}.partial")
        try:
            self._client.download_file(self._bucket, self._key(key), str(partial))
        except self._failures as error:
            partial.unlink(missing_ok=True)
            if _code(error) in _MISSING:
                return False
            raise self._error(key, error) from error
        partial.replace(path)
        return True

    def sizes(self, folder: str) -> dict[str, int]:
        """Return the sizes of all objects below a folder by their keys in it; `""` is the whole store."""
        root = self._key(f"{folder}/" if folder else "")
        return {one["Key"].removeprefix(root): one["Size"] for one in self._listed(folder, root)}

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder: of objects, and of the folders in it."""
        root = self._key(f"{folder}/" if folder else "")
        found = [one.get("Key") or one["Prefix"] for one in self._listed(folder, root, Delimiter="/")]
        return sorted({key.removeprefix(root).rstrip("/") for key in found if key != root})

    def has_any(self, folder: str) -> bool:
        """Tell whether an object is below a folder."""
        root = self._key(f"{folder}/" if folder else "")
        limit = {"MaxItems": 1, "PageSize": 1}
        return any(True for _ in self._listed(folder, root, PaginationConfig=limit))

    def _listed(self, folder: str, root: str, **settings: Any) -> Iterator[dict[str, Any]]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=root, **settings)
        try:
            for page in pages:
                yield from page.get("Contents", ())
                yield from page.get("CommonPrefixes", ())
        except self._failures as error:
            raise self._error(f"{folder}/", error) from error

    def _key(self, key: str) -> str:
        return f"{self._prefix}{key}"

    def _error(self, key: str, error: Exception) -> StoreError:
        place = f"{SCHEME}{self._bucket}/{self._key(key).lstrip('/')}"
        code = _code(error)
        if code == "NoSuchBucket":
            return StoreError(
                place,
                f"there is no bucket {self._bucket}",
                f"make it (aws s3 mb {SCHEME}{self._bucket}), or look for its name with `aws s3 ls`",
            )
        if code in _DENIED:
            remedy = f"give keys that may list, read, write and delete there ({_KEYS})"
            return StoreError(place, f"the store denies access ({code})", remedy)
        if type(error).__name__ in {"NoCredentialsError", "PartialCredentialsError", "ProfileNotFound"}:
            return StoreError(place, "no keys for the store are found", f"give {_KEYS}")
        remedy = "run again; if it stays so, see AWS_ENDPOINT_URL, AWS_REGION and the keys"
        return StoreError(place, f"the store fails: {_SECRET.sub('', str(error)).rstrip('. ')}", remedy)


def _code(error: Exception) -> str:
    response: dict[str, Any] = getattr(error, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))


@cache
def _client(endpoint: str | None) -> tuple[Any, tuple[type[Exception], ...]]:
    """Return a client, which threads may share, and what it raises."""
    import boto3  # noqa: PLC0415  (an extra)
    from boto3.exceptions import Boto3Error  # noqa: PLC0415  (same)
    from botocore.config import Config  # noqa: PLC0415  (same)
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  (same)

    retries: dict[str, Any] = {"mode": "standard"}
    if "AWS_MAX_ATTEMPTS" not in os.environ:
        retries["total_max_attempts"] = _ATTEMPTS
    config = Config(
        retries=retries, connect_timeout=_CONNECT_S, read_timeout=_ANSWER_S, max_pool_connections=_CONNECTIONS
    )
    try:
        return boto3.client("s3", config=config), (ClientError, BotoCoreError, Boto3Error, OSError)
    except (BotoCoreError, ValueError) as error:
        remedy = "see AWS_PROFILE, AWS_REGION and AWS_ENDPOINT_URL"
        place = _SECRET.sub("", endpoint or "object store")
        raise StoreError(place, f"no client can be made: {_SECRET.sub('', str(error))}", remedy) from error


@cache
def _transfer() -> Any:
    from boto3.s3.transfer import TransferConfig  # noqa: PLC0415  (an extra)

    return TransferConfig(multipart_threshold=_ONE_REQUEST_BYTES, use_threads=False)
