"""The small parts of a run: counting, batches, heartbeats, limits, options."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from newsclean.errors import ConfigError, RunError
from newsclean.model import PageFacts, PageOutcome, Reason, Rejection
from newsclean.run.batching import MOST_BYTES, Batch, batched, shard_size
from newsclean.run.limits import memory_limit, waited_s
from newsclean.run.options import Limits, RunOptions, usable_cores
from newsclean.run.pulse import Beat, Pulse
from newsclean.run.tally import NO_SITE, Tally
from newsclean.sources import SourceFile


def rejection(reason=Reason.LISTING, site=None):
    return PageOutcome(
        page=PageFacts(raw_path="a"), site=site, rejection=Rejection(reason=reason, stage="extract", detail="why")
    )


def file(number, size_bytes=10):
    return SourceFile(path=Path(f"{number}"), raw_path=f"{number:05}", size_bytes=size_bytes, mtime_ns=0)


def parts(count, size_bytes=10):
    return [Batch(files=(file(number, size_bytes),)) for number in range(count)]


def test_counts_add_up():
    """Pages are counted by site and by reason, and tallies add up."""
    one, two = Tally(), Tally()
    one.count(rejection(site="lowmark.test"))
    two.count(rejection(Reason.CRASH))
    one.add(two)
    assert (one.total.pages, one.total.rejections) == (2, 2)
    assert {site: count.pages for site, count in one.by_site.items()} == {"lowmark.test": 1, NO_SITE: 1}
    assert one.by_reason == {"listing": 1, "crash": 1}
    assert [trouble.reason for trouble in one.troubles] == ["crash"]
    one.files = 2
    one.check(planned=2)


def test_counts_that_do_not_add_up_fail_the_run():
    """A file that was not read, and a page that came to no end or to two, are errors."""
    tally = Tally()
    tally.count(rejection())
    tally.files = 1
    with pytest.raises(RunError, match="2 files were to be read, 1 were"):
        tally.check(planned=2)
    tally.with_articles = 1
    with pytest.raises(RunError, match="do not add up"):
        tally.check(planned=1)


def test_troubles_are_kept_up_to_a_hundred_and_counted_beyond():
    """A million pages in trouble do not fill the memory."""
    tally = Tally()
    for _ in range(250):
        tally.count(rejection(Reason.TIMEOUT))
    assert (len(tally.troubles), tally.trouble_count) == (100, 250)


@pytest.mark.parametrize(("count", "size"), [(1, 25), (100, 25), (400, 100), (2000, 500), (10**6, 500)])
def test_shards_are_small_where_there_are_few_files(count, size):
    """A shard holds 500 files at most, and fewer where that would leave workers without work."""
    assert shard_size(count) == size


def test_batches_keep_order_and_limits():
    """Files stay in their order, no batch has too many, and none is lost."""
    batches = list(batched(parts(25), most_files=10))
    assert [len(batch.files) for batch in batches] == [10, 10, 5]
    assert [one.raw_path for batch in batches for one in batch.files] == [f"{number:05}" for number in range(25)]


def test_a_batch_ends_at_32_mb_and_a_larger_file_is_one():
    """Large files make small batches; a file above the limit has one of its own."""
    assert [len(batch.files) for batch in batched(parts(5, MOST_BYTES // 2), most_files=10)] == [2, 2, 1]
    assert [len(batch.files) for batch in batched(parts(2, MOST_BYTES * 2), most_files=10)] == [1, 1]


def test_a_beat_is_read_by_another_mapping():
    """What a worker writes its parent reads, and every beat is new."""
    import os

    parent, handle = Pulse.create()
    assert parent.read().index == -1
    worker = Pulse(handle)
    os.close(handle)
    worker.beat(3, pages=3, articles=2, rejections=1)
    first = parent.read()
    assert (first.index, first.pages, first.articles, first.rejections) == (3, 3, 2, 1)
    worker.beat(3, pages=3, articles=2, rejections=1)
    assert parent.read().serial == first.serial + 1
    assert isinstance(first, Beat)
    worker.close()
    parent.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the size of a process is known on Linux only")
def test_memory_past_the_limit_is_a_memory_error_and_the_limit_ends_with_the_block():
    """Inside the block much memory cannot be had, after it it can."""
    code = (
        "from newsclean.run.limits import memory_limit\n"
        "try:\n    with memory_limit(2**26): bytearray(2**28)\n"
        "except MemoryError: print('stopped')\n"
        "print(len(bytearray(2**28)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["stopped", str(2**28)]


@pytest.mark.skipif(sys.platform != "linux", reason="the size of a process is known on Linux only")
def test_a_forked_process_is_measured_by_its_own_size():
    """A child has its own limit, however large its parent has become: it may take what the limit gives, and no more."""
    code = (
        "import os\n"
        "from newsclean.run.limits import memory_limit\n"
        "with memory_limit(2**26): pass\n"
        "gone, told = os.pipe()\n"
        "if os.fork():\n"
        "    much = bytearray(2**29)\n"
        "    os.write(told, b'x'); os.wait()\n"
        "else:\n"
        "    os.read(gone, 1)\n"
        "    try:\n        with memory_limit(2**26): bytearray(2**28)\n"
        "    except MemoryError: print('stopped')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["stopped"]


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="this system does not tell who waits")
def test_waiting_for_a_processor_is_no_fault_of_a_page():
    """What sleeps does not wait, what is gone has not waited, and waiting only grows."""
    import os
    import time

    before = waited_s(os.getpid())
    time.sleep(0.2)
    assert waited_s(os.getpid()) - before >= 0
    sleeper = subprocess.Popen(["sleep", "1"])
    time.sleep(0.3)
    assert waited_s(sleeper.pid) < 0.3
    sleeper.wait()
    assert waited_s(sleeper.pid) == 0.0


def test_no_limit_is_no_limit():
    """None leaves the memory alone."""
    with memory_limit(None):
        assert bytearray(2**20)


@pytest.mark.parametrize(
    "limits",
    [{"page_timeout_s": 0}, {"max_page_bytes": -1}, {"max_page_memory_bytes": 0}, {"max_page_memory_bytes": 1000}],
)
def test_limits_that_let_nothing_through_are_refused(limits):
    """A limit of zero is a mistake, and is said to be one."""
    with pytest.raises(ConfigError, match=r"give a number above 0|16 MiB"):
        Limits(**limits)


def test_workers_are_counted_from_nought():
    """A negative number of workers is refused; there is at least one core."""
    with pytest.raises(ConfigError, match="give 0 or more"):
        RunOptions(workers=-1)
    assert usable_cores() >= 1


def test_a_worker_never_loads_pandas():
    """Arrays are made without pandas, which takes longer to load than a thousand pages to clean."""
    code = (
        "import sys\nfrom newsclean.dataset.staging import leave_pandas_alone\nleave_pandas_alone()\n"
        "import pyarrow\nassert pyarrow.array(['a']).to_pylist() == ['a']\nassert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
