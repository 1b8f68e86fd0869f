"""Where raw pages come from: find the files, read what a manifest says of them, read their bytes."""

from newsclean.sources.discovery import discover
from newsclean.sources.reading import read_page
from newsclean.sources.records import Discovery, Problem, SourceFile
from newsclean.sources.warc import ArchivePage, WarcFile, archive_sha256, is_archive, read_record

__all__ = [
    "ArchivePage",
    "Discovery",
    "Problem",
    "SourceFile",
    "WarcFile",
    "archive_sha256",
    "discover",
    "is_archive",
    "read_page",
    "read_record",
]
