"""Fixtures of the contract tests: real pages to run over, and the rows that came of it."""

from __future__ import annotations

import socket

import pytest

# What belongs to the run that made a row, and not to the page.
OWN_TO_A_RUN = {"run_id", "cleaned_at", "cpu_ms"}


def rows_of(output):
    """Return the rows of the three tables in an order that does not depend on how they were written."""
    from newsclean.dataset import TABLES, Dataset

    dataset = Dataset.open(output, create=False)
    found = {}
    for table in TABLES:
        rows = [{k: v for k, v in row.items() if k not in OWN_TO_A_RUN} for row in dataset.iter_rows(table)]
        found[table] = sorted(rows, key=repr)
    return found


def page_files(*folders):
    """Return the files below the folders that are pages by their names, in order."""
    suffixes = {".html", ".htm", ".txt", ".gz", ".zst"}
    return [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in suffixes]


@pytest.fixture(scope="session")
def rows():
    return rows_of


@pytest.fixture(scope="session")
def files_below():
    return page_files


@pytest.fixture
def hugging_face(tmp_path, monkeypatch):
    """HF datasets, with a home of its own and no network."""
    for name in (
        "HF_HUB_OFFLINE",
        "HF_DATASETS_OFFLINE",
        "HF_HUB_DISABLE_TELEMETRY",
        "HF_DATASETS_DISABLE_PROGRESS_BARS",
    ):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))

    def refuse(*address):
        raise AssertionError(f"the network was asked for: {address[1:]}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    import datasets

    return datasets


@pytest.fixture(scope="module")
def object_store():
    """An object store on loopback, which this process and those it starts use; its client."""
    pytest.importorskip("moto.server")
    import logging

    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    values = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
    }
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    patch = pytest.MonkeyPatch()
    for name, value in values.items():
        patch.setenv(name, value)
    client = boto3.client("s3")
    yield client
    client.close()
    patch.undo()
    server.stop()
