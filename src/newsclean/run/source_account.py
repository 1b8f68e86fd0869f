"""What a run notes of one input file: the sums of its pages, and whose profiles they depend on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsclean.dataset import SourceRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsclean.model import PageOutcome
    from newsclean.sources import SourceFile

__all__ = ["SourceAccount", "joint_profile_sha256"]


@dataclass(slots=True)
class SourceAccount:
    """Adds up the outcomes of a file's pages; `sha256` is that of the file, or of the page that it is."""

    file: SourceFile
    sha256: str | None = None
    pages: int = 0
    articles: int = 0
    rejections: int = 0
    _profiles: dict[str, str | None] = field(default_factory=dict)

    def add(self, outcome: PageOutcome) -> None:
        """Count one page."""
        self.pages += 1
        self.articles += len(outcome.articles)
        self.rejections += outcome.rejection is not None
        if outcome.site and outcome.profile_sha256:
            self._profiles[outcome.site] = outcome.profile_sha256

    def record(self) -> SourceRecord:
        """Return the sums; the profiles of several sites stand together, their names parted by spaces."""
        profile = " ".join(sorted(self._profiles)) or None
        return SourceRecord(
            raw_path=self.file.raw_path,
            size_bytes=self.file.size_bytes,
            mtime_ns=self.file.mtime_ns,
            sha256=self.sha256,
            facts_sha256=self.file.facts_sha256,
            profile=profile,
            profile_sha256=joint_profile_sha256(profile, self._profiles) if profile else None,
            pages=self.pages,
            articles=self.articles,
            rejections=self.rejections,
            start=self.file.stretch.start,
            end=self.file.stretch.end,
            entry=self.file.stretch.entry,
        )


def joint_profile_sha256(profile: str, known: Mapping[str, str | None]) -> str | None:
    """Return the hash of the profiles that `profile` names: one's own, or one over all; None where one is unknown."""
    hashes = [known.get(site) for site in profile.split(" ")]
    if None in hashes or len(hashes) == 1:
        return hashes[0] if len(hashes) == 1 else None
    return hashlib.sha256(" ".join(map(str, hashes)).encode()).hexdigest()
