"""What a folder must be to hold a dataset, and making it one."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from newsclean.dataset.durable import sync_folder, write_whole
from newsclean.dataset.layout import STATE, Layout
from newsclean.dataset.lock import take_lock
from newsclean.errors import DatasetError
from newsclean.remote.path import StorePath

if TYPE_CHECKING:
    from pathlib import Path

    from newsclean.dataset.form import Form

# What may lie in a folder that is to become a dataset.
_HARMLESS: Final = frozenset({"README", "README.md", "README.txt", ".gitignore", ".gitattributes", ".gitkeep"})


def check_place(layout: Layout, *, create: bool) -> None:
    """Raise DatasetError unless a dataset is at the place, or may come to be there with `create`."""
    root = layout.root
    if root.exists() and not root.is_dir():
        raise DatasetError(f"{root}: is a file, and a dataset is a folder; give a folder")
    if layout.state.is_dir():
        if _keeps_folders(layout.root) and not layout.commits.is_dir() and layout.marker.exists():
            raise DatasetError(
                f"{layout.commits}: is gone, and with it what the dataset holds; put it back from a backup, "
                "or clean into a new folder"
            )
    elif strangers := _strangers(root):
        raise DatasetError(
            f"{root}: holds other things ({strangers[0]}) and no {STATE}/, so it is no dataset of newsclean; "
            "give an empty folder, or one that newsclean made"
        )
    elif not create:
        raise DatasetError(f"{root}: no dataset is there; clean some pages into it first, or give its folder")


def create_folders(layout: Layout, form: Form) -> None:
    """Make what is missing of a dataset, a new one in that form; where it cannot be written to is a DatasetError."""
    layout.root.mkdir(parents=True, exist_ok=True)
    make_missing(layout)
    if not layout.marker.exists():
        lock = take_lock(layout)
        try:
            content = {"format": "newsclean dataset", **asdict(form), "id": secrets.token_hex(8)}
            write_whole(layout.marker, f"{json.dumps(content)}\n".encode())
            for folder in (layout.root, layout.root.parent):
                sync_folder(folder)
        finally:
            lock.release()


def make_missing(layout: Layout) -> None:
    """Make the folders that are missing, as empty ones are where a dataset was copied by way of a store."""
    for folder in (layout.root, *layout.folders) if _keeps_folders(layout.root) else ():
        folder.mkdir(exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise DatasetError(f"{folder}: cannot be written to; change its permissions, or give another folder")


def dataset_id(root: Path) -> str:
    """Return what tells a dataset from others, wherever it is moved; one made before there were ids has `0`."""
    return str(json.loads(Layout(root).marker.read_bytes()).get("id", "0"))


def check_one_disk(layout: Layout) -> None:
    """Raise DatasetError where a rename inside the dataset would cross disks."""
    if not _keeps_folders(layout.root):
        return
    device = layout.tmp.stat().st_dev
    for folder in (*layout.data, layout.commits):
        if folder.stat().st_dev != device:
            raise DatasetError(
                f"{folder}: lies on another disk than {layout.tmp}, and a file can be put in place in one step only "
                "on the same one; move the whole dataset to one disk"
            )


def check_on_disk(root: Path, what: str) -> None:
    """Raise DatasetError where a dataset is in an object store and `what` needs it on a disk."""
    if isinstance(root, StorePath):
        raise DatasetError(
            f"{root}: {what} only in a dataset on a disk; bring it there first: aws s3 sync {root} FOLDER"
        )


def _keeps_folders(root: Path) -> bool:
    """Whether a folder is there with nothing in it: on a disk it is."""
    return not isinstance(root, StorePath)


def _strangers(root: Path) -> list[str]:
    return sorted({path.name for path in root.iterdir()} - _HARMLESS) if root.exists() else []
