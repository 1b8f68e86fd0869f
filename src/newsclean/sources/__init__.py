"""Where raw pages come from: find the files, read what a manifest says of them, read their bytes."""

from newsclean.sources.discovery import discover
from newsclean.sources.reading import read_page
from newsclean.sources.records import Discovery, Problem, SourceFile

__all__ = ["Discovery", "Problem", "SourceFile", "discover", "read_page"]
