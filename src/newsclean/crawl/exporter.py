"""The feed format `parquet`: `scrapy crawl NAME -O articles.parquet`.

Scrapy knows of no format with a footer that closes a file: it opens a feed for appending unless
it was told to overwrite, and hands the file over without closing it. So all is written in
`finish_exporting`, which is the last thing that is called while the file is open; `-o` onto a file
with rows keeps them and writes the file anew.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from itemadapter import ItemAdapter
from scrapy.exporters import BaseItemExporter

from newsclean.crawl.pipeline import CleanedPage, stamp_of
from newsclean.dataset.export.feed import FeedFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from scrapy.crawler import Crawler

    from newsclean.dataset import RunStamp

__all__ = ["ParquetItemExporter"]


class ParquetItemExporter(BaseItemExporter):
    """Writes items to Parquet: a cleaned page as its articles in the dataset's columns, any other as its fields."""

    def __init__(self, file: IO[bytes], *, stamp: Callable[[], RunStamp], **kwargs: Any) -> None:
        super().__init__(dont_fail=True, **kwargs)
        self._file = file
        self._stamp = stamp
        self._feed: FeedFile | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, file: IO[bytes], **kwargs: Any) -> Self:
        """Make the exporter of a feed."""
        return cls(file, stamp=lambda: stamp_of(crawler), **kwargs)

    def start_exporting(self) -> None:
        """Begin a file, or go on with one; one that is no Parquet is left as it is, and the error is pyarrow's."""
        if self._feed is None:
            names = self.fields_to_export
            self._feed = FeedFile(self._file, fields=list(names) if names else None)

    def export_item(self, item: Any) -> None:
        """Take an item."""
        assert self._feed is not None
        if isinstance(item, CleanedPage):
            self._feed.add_outcome(item.outcome, self._stamp())
        else:
            self._feed.add({str(name): _plain(value) for name, value in self.get_serialized_fields(item)})

    def serialize_field(self, field: Any, name: str, value: Any) -> Any:  # noqa: ARG002  (Scrapy's signature)
        """Leave dates, numbers and lists what they are: a column can hold them."""
        return field["serializer"](value) if "serializer" in field else value

    def finish_exporting(self) -> None:
        """Write the file."""
        assert self._feed is not None
        self._feed.close()


def _plain(value: Any) -> Any:
    if ItemAdapter.is_item(value) and not isinstance(value, dict):
        return ItemAdapter(value).asdict()
    if isinstance(value, tuple | set | frozenset):
        return [_plain(one) for one in value]
    return value
