"""The few things that a crawl asks of an object store (extra `s3`): files up and down, and a lock that only one gets.

Keys and region come from where AWS's own tools take them; AWS_ENDPOINT_URL names another store of the same protocol.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from newsclean.errors import ConfigError, DatasetError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["SCHEME", "ObjectStore"]

SCHEME: Final = "s3://"
_TAKEN: Final = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})
_MISSING: Final = frozenset({"NoSuchKey", "404", "NotFound"})


class ObjectStore:
    """The objects below `s3://bucket/prefix/`.

    Raises ConfigError without the extra, DatasetError where the store cannot be used.
    """

    def __init__(self, address: str) -> None:
        try:
            import boto3  # noqa: PLC0415  (an extra)
            from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  (same)
        except ImportError as error:
            raise ConfigError(f"{address}: needs an extra; pip install 'newsclean[s3]'") from error
        bucket, _, prefix = address.removeprefix(SCHEME).partition("/")
        if not bucket:
            raise ConfigError(f"{address}: names no bucket; write s3://bucket/folder")
        self.address = address
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._client: Any = boto3.client("s3")
        self._refusal: type[Any] = ClientError
        self._failures = (ClientError, BotoCoreError, OSError)

    def put_if(self, key: str, body: bytes, *, etag: str | None) -> str | None:
        """Write an object if it is still what `etag` says (None: if there is none); its new ETag, None if it is not."""
        condition = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        try:
            answer = self._client.put_object(Bucket=self._bucket, Key=self._key(key), Body=body, **condition)
        except self._failures as error:
            if self._code(error) in _TAKEN | _MISSING:
                return None
            raise self._error(key, error) from error
        return str(answer["ETag"])

    def get(self, key: str) -> tuple[bytes, str] | None:
        """Return an object's bytes and its ETag, None where there is none."""
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=self._key(key))
            return answer["Body"].read(), str(answer["ETag"])
        except self._failures as error:
            if self._code(error) in _MISSING:
                return None
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
            if self._code(error) in _MISSING:
                return False
            raise self._error(key, error) from error
        partial.replace(path)
        return True

    def sizes(self, folder: str) -> dict[str, int]:
        """Return the sizes of the objects below a folder by their keys in it."""
        root = self._key(f"{folder}/")
        try:
            return {key.removeprefix(root): size for key, size in self._listed(root)}
        except self._failures as error:
            raise self._error(folder, error) from error

    def _listed(self, root: str) -> Iterator[tuple[str, int]]:
        for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=root):
            for one in page.get("Contents", ()):
                yield one["Key"], one["Size"]

    def _key(self, key: str) -> str:
        return f"{self._prefix}{key}"

    def _code(self, error: Exception) -> str:
        return str(error.response["Error"]["Code"]) if isinstance(error, self._refusal) else ""

    def _error(self, key: str, error: Exception) -> DatasetError:
        return DatasetError(f"{SCHEME}{self._bucket}/{self._key(key)}: {error}")
