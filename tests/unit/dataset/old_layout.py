"""Datasets as older versions of newsclean made them; a plain module, so that scripts can use it too.

`age` turns a dataset of today into one of an older version, its files, records and marker, and what it
holds back. For a new version add the way back to `_BACK`.
"""

from __future__ import annotations

import hashlib
import json

import pyarrow.parquet as pq

ADDED_IN_1 = ("extraction_confidence", "license", "is_free", "robots", "witnesses")


def to_version_1(root, lacking=ADDED_IN_1):
    """One file a table, in records that know no form; the columns that came while it was the version are lacking."""
    for path in sorted((root / "_newsclean" / "commits").glob("*.json")):
        record = json.loads(path.read_bytes())
        for table, files in record["parts"].items():
            (part,) = files
            _age_file(root / part["file"], table, lacking)
            content = (root / part["file"]).read_bytes()
            record["parts"][table] = part | {
                "size_bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        del record["form"]
        path.write_text(json.dumps(record | {"schema_version": 1}, indent=1))
    marker = root / "_newsclean" / "dataset.json"
    marker.write_text('{"format": "newsclean dataset", "schema_version": 1}\n')


def _age_file(path, table, lacking):
    rows = pq.ParquetFile(path).read()
    rows = rows.drop_columns([name for name in lacking if name in rows.column_names])
    metadata = {b"newsclean.schema_version": b"1", b"newsclean.table": table.encode()}
    pq.write_table(rows.replace_schema_metadata(metadata), path, compression="zstd")


_BACK = {1: to_version_1}


def age(root, version=1, **options):
    """Make the dataset at `root` one of an older version, and every batch that it holds back."""
    for batch in sorted((root / "_newsclean" / "held").glob("*")):
        if (batch / "_newsclean" / "dataset.json").exists():
            _BACK[version](batch, **options)
    _BACK[version](root, **options)
