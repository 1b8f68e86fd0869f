"""Where raw pages come from: find the files, read what a manifest says of them, read their bytes."""

from newsclean.sources.archives import (
    archive_of,
    archive_or_bytes,
    archive_sha256,
    is_archive,
    is_archive_name,
    read_record,
)
from newsclean.sources.choosing import Choice, Reading
from newsclean.sources.contained import Archive, ContainedPage
from newsclean.sources.discovery import discover
from newsclean.sources.reading import read_page
from newsclean.sources.records import WHOLE, Discovery, Problem, SourceFile, Stretch
from newsclean.sources.splitting import is_worth_splitting, split
from newsclean.sources.walking import foreign_suffix
from newsclean.sources.warc.archive import ArchivePage, WarcFile

__all__ = [
    "WHOLE",
    "Archive",
    "ArchivePage",
    "Choice",
    "ContainedPage",
    "Discovery",
    "Problem",
    "Reading",
    "SourceFile",
    "Stretch",
    "WarcFile",
    "archive_of",
    "archive_or_bytes",
    "archive_sha256",
    "discover",
    "foreign_suffix",
    "is_archive",
    "is_archive_name",
    "is_worth_splitting",
    "read_page",
    "read_record",
    "split",
]
