"""Jobs whose dataset is in an object store: run, told, looked at, and waited for as those on a disk."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import uuid

import pytest

HTML = """<!doctype html><html lang="en"><head><title>Ferry {number} is back</title></head><body><h1>Ferry is back</h1>
<article><p>The harbour master of Lowmark said on Monday that ferry {number} would sail again this week.</p>
<p>Nobody on the island had expected the old ship to be back before the spring tide of the year.</p></article>
</body></html>"""


@pytest.fixture
def bucket(object_store):
    """The name of a new bucket with three pages."""
    name = f"jobs-{uuid.uuid4().hex[:8]}"
    object_store.create_bucket(Bucket=name)
    for number in range(3):
        object_store.put_object(Bucket=name, Key=f"pages/{number}.html", Body=HTML.format(number=number).encode())
    return name


@pytest.fixture
def project(bucket, tmp_path):
    """A project with a job from the bucket to the bucket."""
    (tmp_path / "newsclean.toml").write_text(
        f'[schedule]\noutput = "s3://{bucket}/clean/"\n'
        f'[jobs.wires]\nclean = "s3://{bucket}/pages/"\nevery = "6h"\nworkers = 0\nretries = 0\n'
        'alarms = { metrics = "metrics.prom" }\n'
    )
    return tmp_path


def start(project, *arguments):
    command = [sys.executable, "-m", "newsclean", *arguments]
    return subprocess.Popen(command, cwd=project, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def newsclean(project, *arguments, code=0):
    process = start(project, *arguments)
    told, errors = process.communicate(timeout=300)
    assert code is None or process.returncode == code, (process.returncode, told, errors)
    return told


def test_a_job_cleans_into_a_store(project, bucket, object_store):
    """Its rows are there, the checks have measured them, and the second run has nothing to do."""
    found = json.loads(newsclean(project, "run", "wires", "--json"))
    assert (found["state"], found["counts"]["articles"]) == ("done", 3)
    assert f'newsclean_dataset_articles{{dataset="s3://{bucket}/clean"' in (project / "metrics.prom").read_text()
    again = json.loads(newsclean(project, "run", "wires", "--json"))
    assert (again["state"], again["counts"]["pages"], again["counts"]["files_unchanged"]) == ("done", 0, 3)
    newsclean(project, "verify", f"s3://{bucket}/clean")
    assert not list(project.glob("s3:*"))
    assert object_store.list_objects_v2(Bucket=bucket, Prefix="clean/articles/")["KeyCount"] == 1

    told = newsclean(project, "status")
    assert f"s3://{bucket}/clean: 3 articles of 3 pages" in told
    assert "GB free" not in told
    values = json.loads(newsclean(project, "status", "--json"))["datasets"]
    assert [(one["path"], one["articles"], one["free_bytes"]) for one in values] == [(f"s3://{bucket}/clean", 3, None)]
    assert newsclean(project, "hold", "list") == "nothing is held\n"
    looked = json.loads(newsclean(project, "doctor", "--json", code=None))
    levels = {one["what"]: (one["level"], one["says"]) for one in looked["findings"]}
    assert levels[f"dataset s3://{bucket}/clean"] == ("ok", "3 articles of 3 pages")
    assert "job wires" not in levels


def test_a_job_waits_for_its_turn_at_a_dataset_in_a_store(project, bucket, object_store):
    """Another machine that writes to it is waited for, not failed at."""
    lease = {"owner": "x", "host": "elsewhere", "pid": 1, "expires_at": "2999-01-01T00:00:00+00:00"}
    key = "clean/_newsclean/lease.json"
    object_store.put_object(Bucket=bucket, Key=key, Body=json.dumps(lease).encode())
    process = start(project, "run", "wires")
    log = project / ".newsclean"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not any(log.glob("turn-*.lock")):
        time.sleep(0.1)
    time.sleep(2)
    assert process.poll() is None
    lease["expires_at"] = "2026-01-01T00:00:00+00:00"
    object_store.put_object(Bucket=bucket, Key=key, Body=json.dumps(lease).encode())
    told, errors = process.communicate(timeout=300)
    assert process.returncode == 0, (told, errors)


def test_a_store_that_is_not_there_fails_the_run_and_nothing_else(project, bucket):
    """The run ends with the code for a dataset and names the address; `status` shows the job all the same."""
    text = (project / "newsclean.toml").read_text()
    (project / "newsclean.toml").write_text(text.replace(f"s3://{bucket}/clean/", "s3://no-such-bucket/clean"))
    newsclean(project, "run", "wires", "-q", code=3)
    job, *_ = json.loads(newsclean(project, "status", "--json"))["jobs"]
    assert (job["job"], job["last_state"]) == ("wires", "failed")
    assert "s3://no-such-bucket/clean" in job["last_message"]
    assert "make it (aws s3 mb s3://no-such-bucket)" in job["last_message"]
