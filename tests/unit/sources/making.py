"""Archives of every kind with the same invented pages, made by other tools than those that read them."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile

import zstandard

from newsclean.sources import SourceFile

COUNT = 12
HTML = b"<html><body><p>The ferry to Lowmark sails again, says notice %d: %s.</p></body></html>"


def body(number):
    return HTML % (number, b"tide and wind " * (number * 7))


def url(number):
    return f"https://lowmark.test/{number}"


def warc_records(count=COUNT):
    """Return WARC records, unpacked, one by one."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    found = [b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 4\r\n\r\na: b\r\n\r\n"]
    for number in range(count):
        block = head + body(number)
        fields = f"WARC-Type: response\r\nWARC-Target-URI: {url(number)}\r\nWARC-Date: 2026-03-14T10:00:00Z\r\n"
        found.append(b"WARC/1.0\r\n%sContent-Length: %d\r\n\r\n%s\r\n\r\n" % (fields.encode(), len(block), block))
    return found


def arc_records():
    block = b"1 0 Invented\nURL IP-address Archive-date Content-type Archive-length\n"
    found = [b"filedesc://invented.arc 192.0.2.1 20260314100000 text/plain %d\n%s\n" % (len(block), block)]
    for number in range(COUNT):
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body(number)
        found.append(b"%s 192.0.2.1 20260314100000 text/html %d\n%s\n" % (url(number).encode(), len(block), block))
    return found


def zstd_with_dictionary(records, *, is_packed):
    """Return a zstd WARC whose frames need the dictionary in its first frame."""
    samples = [record + str(number).encode() * 50 for number, record in enumerate(records * 30)]
    known = zstandard.train_dictionary(2_000, samples)
    inner = zstandard.compress(known.as_bytes()) if is_packed else known.as_bytes()
    packer = zstandard.ZstdCompressor(dict_data=known)
    frames = [b"\x5d\x2a\x4d\x18" + len(inner).to_bytes(4, "little") + inner]
    return b"".join(frames + [packer.compress(record) for record in records])


def json_lines():
    rows = [
        {"url": url(number), "html": body(number).decode(), "fetched_at": "2026-03-14T10:00:00Z", "status": 200}
        for number in range(COUNT)
    ]
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def parquet(rows_a_group=5):
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [json.loads(line) for line in json_lines().splitlines()]
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out, row_group_size=rows_a_group)
    return out.getvalue()


def zipped(members, way=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", way) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def tarred(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def page_files():
    return [(f"pages/{number}.html", body(number)) for number in range(COUNT)]


def wacz(way=zipfile.ZIP_STORED):
    records = warc_records()
    half = len(records) // 2
    return zipped(
        [
            ("datapackage.json", b"{}"),
            ("archive/one.warc.gz", packed(records[:half])),
            ("pages/pages.jsonl", b"{}\n"),
            ("archive/two.warc", b"".join(records[half:])),
        ],
        way,
    )


def packed(records):
    return b"".join(gzip.compress(record, mtime=0) for record in records)


def all_kinds():
    """Return the bytes of an archive of each kind, by file name."""
    warc, arc, lines, tar = warc_records(), arc_records(), json_lines(), tarred(page_files())
    return {
        "plain.warc": b"".join(warc),
        "packed.warc.gz": packed(warc),
        "together.warc.gz": gzip.compress(b"".join(warc)),
        "frames.warc.zst": b"".join(zstandard.compress(record) for record in warc),
        "dictionary.warc.zst": zstd_with_dictionary(warc, is_packed=False),
        "packed-dictionary.warc.zst": zstd_with_dictionary(warc, is_packed=True),
        "plain.arc": b"".join(arc),
        "packed.arc.gz": packed(arc),
        "pages.wacz": wacz(),
        "packed.wacz": wacz(zipfile.ZIP_DEFLATED),
        "pages.jsonl": lines,
        "pages.jsonl.gz": gzip.compress(lines),
        "pages.ndjson.zst": zstandard.compress(lines),
        "pages.parquet": parquet(),
        "pages.zip": zipped(page_files()),
        "pages.tar": tar,
        "pages.tar.gz": gzip.compress(tar),
        "pages.tar.zst": zstandard.compress(tar),
    }


def file_of(folder, name, content, **facts):
    path = folder / name
    path.write_bytes(content)
    return SourceFile(path=path, raw_path=name, size_bytes=len(content), mtime_ns=0, **facts)
