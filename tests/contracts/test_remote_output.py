"""A dataset in an object store: the same rows and promises as on a disk, and clear words where a store fails.

With NEWSCLEAN_KILLS set, a commit is cut after each of its changes, else after every fourth.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
import os
import pickle
import socket
import subprocess
import sys
import threading
import time
import uuid
from contextlib import contextmanager, suppress
from pathlib import Path

import making
import pytest

from newsclean.dataset import Dataset, verify
from newsclean.dataset.compaction import compact
from newsclean.errors import ConfigError, DatasetError
from newsclean.run.public import clean, plan

_spec = importlib.util.spec_from_file_location("faulty_store", Path(__file__).with_name("faulty_store.py"))
faults = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(faults)

_spec = importlib.util.spec_from_file_location(
    "dataset_samples", Path(__file__).parents[1] / "unit" / "dataset" / "samples.py"
)
samples = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(samples)

HTML = """<!doctype html><html lang="en"><head><title>Ferry {number} is back</title></head><body><h1>Ferry is back</h1>
<nav>Home Ferries Tides</nav>
<article><p>The harbour master of Lowmark said on Monday that ferry {number} would sail again this week.</p>
<p>Nobody on the island had expected the old ship to be back before the spring tide of the year.</p></article>
</body></html>"""
COUNT = 30
STRIDE = 1 if "NEWSCLEAN_KILLS" in os.environ else 4  # of the changes after which a commit is cut


@pytest.fixture
def bucket(object_store):
    """The name of a new bucket."""
    name = f"news-{uuid.uuid4().hex[:8]}"
    object_store.create_bucket(Bucket=name)
    return name


def made_pages(folder):
    """Write pages, and an archive of some, to a folder; return it."""
    folder.mkdir(parents=True)
    for number in range(COUNT):
        (folder / f"{number}.html").write_text(HTML.format(number=number))
    (folder / "packed.warc.gz").write_bytes(making.all_kinds()["packed.warc.gz"])
    return folder


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    return made_pages(tmp_path_factory.mktemp("pages") / "raw" / "pages")


@pytest.fixture(scope="module")
def wanted(pages, rows):
    """The rows of a dataset on the disk."""
    return local_rows(pages, rows)


def newsclean(*arguments, code=0):
    command = [sys.executable, "-m", "newsclean", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return done


def clean_here(pages, output):
    return clean(pages, output, workers=0)


def refusal(pages, output):
    """Return what is said where a run cannot write."""
    with pytest.raises(DatasetError) as caught:
        clean_here(pages, output)
    return str(caught.value)


def keys(client, bucket, prefix="clean/"):
    found = client.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", ())
    return {one["Key"].removeprefix(prefix) for one in found}


def data_keys(client, bucket):
    return {key for key in keys(client, bucket) if not key.startswith("_newsclean/")}


def local_rows(pages, rows):
    """Return the rows of a dataset on the disk, beside which the pages do not lie."""
    folder = pages.parents[1] / "elsewhere" / "clean"
    clean_here(pages, folder)
    return rows(folder)


# ---- the same rows ----


def test_a_dataset_in_a_store_has_the_rows_of_one_on_a_disk(object_store, bucket, tmp_path, rows):
    """Cleaned, cleaned again, grown and compacted: the rows are those of a local run, and `verify` finds nothing."""
    output = f"s3://{bucket}/clean"
    pages = made_pages(tmp_path / "raw" / "pages")
    done = newsclean("clean", pages, "-o", output, "--workers", "2", "--json")
    assert json.loads(done.stdout)["dataset"] == output
    assert rows(output) == local_rows(pages, rows)
    assert clean_here(pages, output).state == "nothing_to_do"
    (pages / "late.html").write_text(HTML.format(number="late"))
    (pages / "0.html").write_text(HTML.format(number="changed"))
    assert clean_here(pages, output).planned == {"content": 1, "new": 1}
    wanted = local_rows(pages, rows)
    assert rows(output) == wanted
    before = len(data_keys(object_store, bucket))
    done = newsclean("compact", output)
    assert done.stdout == f"{output}: {before} files became 3\n"
    assert rows(output) == wanted
    assert len(data_keys(object_store, bucket)) == 3
    assert newsclean("verify", output).stdout.startswith(f"{output}: everything holds; text compared with")
    assert not {key for key in keys(object_store, bucket) if "/tmp/" in key}


def test_from_a_store_to_a_store(object_store, bucket, pages, rows, wanted):
    """Pages in the same bucket, all around the dataset: what lies in that is no page."""
    for path in pages.iterdir():
        object_store.put_object(Bucket=bucket, Key=f"pages/{path.name}", Body=path.read_bytes())
    output = f"s3://{bucket}/clean"
    assert clean_here(f"s3://{bucket}/", output).pages == COUNT + making.COUNT
    object_store.put_object(Bucket=bucket, Key="clean/_newsclean/reports/run.html", Body=HTML.encode())
    assert clean_here(f"s3://{bucket}/", output).state == "nothing_to_do"
    for table, found in rows(output).items():
        here = [row["raw_path"].rpartition("/")[2] for row in found]
        assert sorted(here) == sorted(row["raw_path"].rpartition("/")[2] for row in wanted[table])


def test_others_read_what_is_there(object_store, bucket, pages):
    """Arrow reads a folder of the dataset; our own list names its files for tools that are to see no half commit."""
    import pyarrow.parquet as pq
    from pyarrow import fs

    clean_here(pages, f"s3://{bucket}/clean")
    store = fs.S3FileSystem(endpoint_override=os.environ["AWS_ENDPOINT_URL"])
    table = pq.read_table(f"{bucket}/clean/articles", filesystem=store, columns=["title"])
    dataset = Dataset.open(f"s3://{bucket}/clean", create=False)
    assert table.num_rows == dataset.read("articles").num_rows >= COUNT
    assert {str(path) for path in dataset.parts("articles")} == {
        f"s3://{bucket}/clean/{key}" for key in data_keys(object_store, bucket) if key.startswith("articles/")
    }


def test_the_other_commands_read_it(bucket, pages):
    """`report`, `explain`, `history` and `status` work on it; what needs a disk says so."""
    from click.testing import CliRunner

    from newsclean.cli.main import cli

    def said(*arguments, code=0):
        done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
        assert done.exit_code == code, done.output
        return done.output

    output = f"s3://{bucket}/clean"
    clean_here(pages, output)
    assert said("report", output, "--pages", "2") == f"s3://{bucket}/clean-report.html\n"
    article = Dataset.open(output, create=False).read("articles", ["article_id"]).to_pylist()[0]["article_id"]
    assert "Lowmark" in said("explain", article, "--dataset", output)
    assert "first" in said("history", output, article)
    assert f"{output}: 41 articles of 42 pages" in said("status", output)
    assert "copies can be found only in a dataset on a disk" in said("dedup", output, code=3)
    held = said("clean", str(pages), "-o", f"s3://{bucket}/other", "--hold", "x", "--workers", "0", code=3)
    assert "rows can be held back only in a dataset on a disk" in held


def test_any_engine_may_do_the_shards(bucket, pages, rows, wanted):
    """Attempts write under names of their own, some of them twice; one of each shard is taken into the dataset."""
    with plan(pages, f"s3://{bucket}/clean") as job:
        attempts = [job.run_shard(shard) for shard in job.shards]
        for attempt in [job.run_shard(job.shards[0]), *attempts]:
            job.commit(pickle.loads(pickle.dumps(attempt)))
    assert job.report.state == "done"
    assert rows(f"s3://{bucket}/clean") == wanted
    assert list(verify(f"s3://{bucket}/clean")) == []


# ---- puts that fail ----


@contextmanager
def failing(*what, attempts=None):
    """Have the store fail while the block uses it."""
    with faults.faulty(os.environ["AWS_ENDPOINT_URL"], what) as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", address)
        if attempts is not None:
            patch.setenv("AWS_MAX_ATTEMPTS", str(attempts))
        yield


def test_puts_that_break_off_are_tried_again(bucket, pages, rows, wanted):
    """Each put of a part, and each record, breaks off half-way or is refused for a while: nobody notices."""
    half = faults.Fault("half", "/_newsclean/tmp/", times=1)
    slow = faults.Fault("slow", "/articles/", times=1)
    with failing(half, slow):
        clean_here(pages, f"s3://{bucket}/clean")
    assert len(half.struck) >= 4
    assert slow.struck
    assert rows(f"s3://{bucket}/clean") == wanted
    assert list(verify(f"s3://{bucket}/clean")) == []


@pytest.mark.parametrize("part", [".removals.parquet", ".pages.parquet"])
def test_a_put_that_breaks_off_for_good_leaves_nothing(object_store, bucket, pages, rows, part, wanted):
    """The run ends with what failed and what to do; nothing is to be seen, and the next run does it."""
    fault = faults.Fault("half", part)
    with failing(fault, attempts=2):
        said = refusal(pages, f"s3://{bucket}/clean")
    assert set(fault.struck.values()) == {2}
    assert "was not written: the store fails" in said
    assert part in said
    assert "run again" in said
    assert not data_keys(object_store, bucket)
    assert not Dataset.open(f"s3://{bucket}/clean", create=False).records()
    clean_here(pages, f"s3://{bucket}/clean")
    assert rows(f"s3://{bucket}/clean") == wanted
    assert list(verify(f"s3://{bucket}/clean")) == []


@pytest.mark.parametrize("part", ["/pages/part-", "/_newsclean/commits/"])
def test_a_commit_that_is_cut_in_the_store_is_finished(object_store, bucket, pages, rows, part, wanted):
    """Between the copies our own readers see nothing of the shard, and the next run finishes it first."""
    with failing(faults.Fault("slow", part), attempts=1):
        said = refusal(pages, f"s3://{bucket}/clean")
    assert "is written, but not in place yet" in said
    assert "run again" in said
    assert any(key.startswith("articles/") for key in data_keys(object_store, bucket))
    assert not Dataset.open(f"s3://{bucket}/clean", create=False).records()
    assert any("cut short" in finding.message for finding in verify(f"s3://{bucket}/clean"))
    clean_here(pages, f"s3://{bucket}/clean")
    assert rows(f"s3://{bucket}/clean") == wanted
    assert list(verify(f"s3://{bucket}/clean")) == []


def test_a_cut_after_any_change_leaves_the_dataset_as_before_or_as_after(bucket, monkeypatch):
    """The store is lost for good after the first, the second, ... change of a commit that takes another's place."""
    from newsclean.remote import path
    from newsclean.remote.objects import StoreError

    def ids(output):
        return sorted(row["article_id"] for row in Dataset.open(output, create=False).iter_rows("articles"))

    def change(dataset):
        samples.commit(dataset, "new", [samples.outcome(articles=2), samples.outcome("raw/b.html")], replaces=["old"])

    seen = set()
    for most in range(0, 100, STRIDE):
        output = f"s3://{bucket}/{most}/clean"
        with Dataset.open(output, create=True) as dataset:
            samples.commit(dataset, "old", [samples.outcome()])
            before, made, lock = ids(output), iter(range(most)), threading.Lock()

            def check(address, made=made, lock=lock):
                with lock:
                    if next(made, None) is None:
                        raise StoreError(str(address), "the store is gone", "run again")

            with monkeypatch.context() as patch, suppress(DatasetError):
                patch.setattr(path, "_check_change", check)
                change(dataset)
                break
        with Dataset.open(output, create=False) as dataset:
            dataset.sweep()
            after = ids(output)
            assert list(verify(output)) == []
            if after == before:
                change(dataset)
        seen.add(len(after))
        assert len(ids(output)) == 3
        assert list(verify(output)) == []
    assert seen == {1, 3}
    assert 10 < most < 40


# ---- stores that refuse ----


def test_a_bucket_that_is_not_there_is_told(object_store, pages):
    """Whatever is asked of it: that it is not there, and the way out."""
    output = "s3://no-such-bucket/clean"
    done = newsclean("clean", pages, "-o", output, code=3)
    with pytest.raises(DatasetError) as caught:
        list(compact(Dataset.open(output, create=False)))
    for said in (done.stderr, str(caught.value)):
        assert "there is no bucket no-such-bucket" in said
        assert "aws s3 mb s3://no-such-bucket" in said


def test_an_empty_place_and_a_strange_one_are_told(object_store, bucket, pages):
    """Where no dataset is, none is read; where other things lie, none is made."""
    with pytest.raises(DatasetError, match=f"s3://{bucket}/clean: no dataset is there"):
        Dataset.open(f"s3://{bucket}/clean", create=False)
    object_store.put_object(Bucket=bucket, Key="clean/thesis.doc", Body=b"mine")
    assert "holds other things (thesis.doc)" in refusal(pages, f"s3://{bucket}/clean")
    assert keys(object_store, bucket) == {"thesis.doc"}


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_store_that_denies_is_told(object_store, bucket, pages, method):
    """Keys that may not list, or not write: the message says what to give, and no key is in it."""
    with failing(faults.Fault("denied", bucket, method=method)):
        said = refusal(pages, f"s3://{bucket}/clean")
    assert "the store denies access (AccessDenied)" in said
    assert "give keys that may list, read, write and delete there" in said
    assert os.environ["AWS_SECRET_ACCESS_KEY"] not in said
    assert not data_keys(object_store, bucket)


def test_no_secret_is_in_a_message(object_store, pages, monkeypatch):
    """Neither keys in an address nor a password in front of the store's host are told on."""
    with pytest.raises(ConfigError, match="s3://: names no bucket; write s3://bucket/folder"):
        clean_here(pages, "s3://")
    with pytest.raises(ConfigError) as caught:
        clean_here(pages, "s3://AKIA:hush-hush@news/clean")
    assert "an address has no keys in it" in str(caught.value)
    assert "hush-hush" not in str(caught.value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://somebody:hush-hush@127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    said = refusal(pages, "s3://news/clean")
    assert "AWS_ENDPOINT_URL" in said
    assert "hush-hush" not in said


# ---- one writer at a time ----


def lease_of(client, bucket):
    return json.loads(client.get_object(Bucket=bucket, Key="clean/_newsclean/lease.json")["Body"].read())


def write_lease(client, bucket, **changes):
    later = (dt.datetime.now(dt.UTC) + dt.timedelta(seconds=90)).isoformat()
    values = {"owner": "other", "host": "lowmark.test", "pid": 7, "expires_at": later} | changes
    client.put_object(Bucket=bucket, Key="clean/_newsclean/lease.json", Body=json.dumps(values).encode())


def test_one_writer_at_a_time(object_store, bucket, tmp_path, rows):
    """Who writes is named; one that is gone is waited for no longer than its lease, on this machine not at all."""
    output = f"s3://{bucket}/clean"
    pages = made_pages(tmp_path / "raw" / "pages")
    with Dataset.open(output, create=True) as dataset:
        dataset.sweep()
        done = newsclean("clean", pages, "-o", output, code=3)
        assert f"another newsclean (process {os.getpid()} on " in done.stderr
    write_lease(object_store, bucket)
    assert "another newsclean (process 7 on lowmark.test) is writing to this dataset; wait" in refusal(pages, output)
    write_lease(object_store, bucket, expires_at="2026-01-01T00:00:00+00:00")
    clean_here(pages, output)
    write_lease(object_store, bucket, pid="no number")
    assert clean_here(pages, output).state == "nothing_to_do"
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    write_lease(object_store, bucket, host=socket.gethostname(), pid=gone.pid)
    (pages / "late.html").write_text(HTML.format(number="late"))
    clean_here(pages, output)
    assert rows(output) == local_rows(pages, rows)


def test_a_writer_that_lost_its_turn_changes_nothing(object_store, bucket, pages, monkeypatch):
    """A process that stood still until another took over is stopped before its next change."""
    from newsclean.remote.lease import LEASE_LENGTH

    output = f"s3://{bucket}/clean"
    clean_here(pages, output)
    with Dataset.open(output, create=False) as dataset:
        dataset.sweep()
        before = keys(object_store, bucket)
        write_lease(object_store, bucket)
        lease = dataset._lock._lease
        lease._expires_at -= LEASE_LENGTH
        record = next(iter(dataset.records().values()))
        with pytest.raises(DatasetError, match=r"process 7 on lowmark\.test.*lost its turn"):
            dataset.note_stats({record.sources[0].raw_path: (1, 1)})
    assert keys(object_store, bucket) == before
    assert lease_of(object_store, bucket)["pid"] == 7


def test_a_lease_is_renewed_while_its_process_lives(object_store, bucket, monkeypatch):
    """It lasts longer and longer, and ends when the dataset is closed."""
    from newsclean.dataset import store_lock

    monkeypatch.setattr(store_lock, "_RENEWED_EVERY_S", 0.05)
    with Dataset.open(f"s3://{bucket}/clean", create=True) as dataset:
        dataset.sweep()
        first = lease_of(object_store, bucket)
        deadline = time.monotonic() + 60
        while (now := lease_of(object_store, bucket))["expires_at"] == first["expires_at"]:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert now["owner"] == first["owner"]
    ended = lease_of(object_store, bucket)
    assert ended["owner"] == first["owner"]
    assert dt.datetime.fromisoformat(ended["expires_at"]) <= dt.datetime.now(dt.UTC)
