"""`newsclean run` and `newsclean schedule`: what they print, with which code they end, what they export."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
import time

import pytest

from newsclean.cli.exit_codes import ExitCode

JOBS = """
[schedule]
timezone = "Europe/Lisbon"

[jobs.pages]
clean = "raw"
cron = "30 6 * * *"
workers = 0

[jobs.hourly]
clean = "raw"
every = "1h"
workers = 0
overlap = "cancel"
"""


@pytest.fixture
def jobs(folder):
    with (folder / "newsclean.toml").open("a") as file:
        file.write(JOBS)
    return folder


@pytest.fixture
def ledger(jobs):
    from newsclean.schedule.ledger import Ledger

    with Ledger(jobs / ".newsclean" / "ledger.sqlite") as opened:
        yield opened


def test_run_cleans_and_says_what_came_of_it(newsclean, jobs):
    """A line for people, an object for machines, and the code of what happened."""
    result = newsclean("run", "pages")
    assert result.exit_code == ExitCode.DONE, result.output
    assert re.search(
        r"^pages: done: 4 pages cleaned, 3 articles, 1 rejected, in [\d.]+ s; log \.newsclean/logs/pages/1-1\.log$",
        result.stdout,
        re.MULTILINE,
    )
    values = json.loads(newsclean("run", "pages", "--json", "--slot", "2026-05-01T05:30Z").stdout)
    assert (values["state"], values["exit_code"], values["run"], values["slot"][:16]) == (
        "done",
        0,
        2,
        "2026-05-01T05:30",
    )
    assert values["counts"]["files"] == 4
    again = json.loads(newsclean("run", "pages", "--json", "--slot", "2026-05-01T06:30+01:00").stdout)
    assert again["is_repeat"]
    assert again["run"] == 2


def test_a_spider_that_yields_nothing_ends_with_a_code_that_is_not_zero(newsclean, jobs):
    """The job that reports success and brings nothing does not exist."""
    (jobs / "spiders").mkdir()
    (jobs / "spiders" / "__init__.py").touch()
    (jobs / "spiders" / "silent.py").write_text(
        "from newsclean.crawl.spider import NewsSpider\n\n\nclass Silent(NewsSpider):\n"
        '    name = "silent"\n    site = "lowmark.test"\n    feeds = ("https://lowmark.test/rss",)\n'
    )
    from newsclean.crawl.project import _recorded_crawl

    (jobs / "recorded").mkdir()
    (jobs / "recorded" / "other.warc.gz").write_bytes(_recorded_crawl())
    with (jobs / "newsclean.toml").open("a") as file:
        file.write('[jobs.silent]\nspider = "silent"\nsettings = { NEWSCLEAN_REPLAY = "recorded" }\n')
    (jobs / "newsclean.toml").write_text('contact = "a@lowmark.test"\n' + (jobs / "newsclean.toml").read_text())
    result = newsclean("run", "silent", "--json")
    assert result.exit_code == ExitCode.TROUBLE, result.output
    assert json.loads(result.stdout)["state"] == "empty"


def test_run_says_what_is_wrong_and_does_nothing(newsclean, jobs):
    """Unknown jobs and slots, and a faulty file, are usage errors."""
    for arguments, said in (
        (("run", "page"), "page: no such job; did you mean pages?"),
        (("run", "pages", "--slot", "noon"), "--slot noon: no time"),
    ):
        result = newsclean(*arguments)
        assert result.exit_code == ExitCode.USAGE
        assert said in result.output
    (jobs / "newsclean.toml").write_text("[jobs.x]\nclean = 1\n")
    result = newsclean("schedule", "tick")
    assert result.exit_code == ExitCode.USAGE
    assert "newsclean.toml:2: jobs.x.clean: Expected" in result.output


def test_a_run_that_goes_on_is_not_doubled(newsclean, jobs, ledger):
    """75, as for any temporary failure."""
    from newsclean.schedule import booking
    from newsclean.schedule.identity import own_identity
    from newsclean.schedule.records import Kind

    now = dt.datetime.now(dt.UTC)
    with ledger.transaction() as db:
        number = booking.add_run(db, "pages", now, Kind.SCHEDULED, now=now)
        booking.begin_attempt(db, number, now)
        booking.claim(db, number, 1, own_identity(), now)
    result = newsclean("run", "pages")
    assert result.exit_code == ExitCode.BUSY
    assert "pages: run 1 of" in result.output
    assert newsclean("run", "pages", "--claim", "1.1").exit_code == ExitCode.BUSY
    assert "running since" in newsclean("schedule", "list").stdout


def test_list_and_next_name_the_slots(newsclean, jobs):
    """In UTC, and by the job's clock."""
    (first, second) = json.loads(newsclean("schedule", "list", "--json").stdout)
    assert (first["job"], first["rule"], first["state"], first["last"]) == (
        "pages",
        "30 6 * * * (Europe/Lisbon)",
        "idle",
        None,
    )
    assert second["rule"] == "every 1:00:00"
    rows = json.loads(newsclean("schedule", "next", "pages", "-n", "3", "--json").stdout)
    assert len(rows) == 3
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d 06:30 WES?T", row["local"]) for row in rows)
    assert newsclean("schedule", "next", "nobody").exit_code == ExitCode.USAGE


def test_a_project_without_jobs_gets_a_word_and_no_empty_table(folder, newsclean):
    """Where there is nothing to show, that is said."""
    assert newsclean("schedule", "list").output == "no jobs: add [jobs.NAME] to newsclean.toml\n"
    assert newsclean("schedule", "next").output == "no slots to come: no job in newsclean.toml has a time\n"
    assert newsclean("schedule", "history").output == "no runs yet\n"
    assert json.loads(newsclean("schedule", "next", "--json").stdout) == []


def test_a_paused_job_starts_nothing_and_catches_up_nothing(newsclean, jobs, ledger):
    """What went by is missed, and history says so."""
    from newsclean.schedule.ledger_tables import time_text

    assert newsclean("schedule", "pause", "hourly").stdout == "hourly: paused\n"
    assert newsclean("schedule", "pause", "hourly").stdout == "hourly: was paused already\n"
    ago = dt.datetime.now(dt.UTC) - dt.timedelta(hours=5)
    with ledger.transaction() as db:
        db.execute("UPDATE jobs SET cursor = ?", (time_text(ago),))
    assert json.loads(newsclean("schedule", "tick", "--json").stdout)["started"] == []
    assert "paused" in newsclean("schedule", "list").stdout
    assert newsclean("schedule", "resume", "hourly").stdout == "hourly: goes on; 5 slots were left out\n"
    assert newsclean("schedule", "resume", "hourly").stdout == "hourly: was not paused\n"
    assert "5 slots from" in newsclean("schedule", "history", "hourly").stdout
    assert newsclean("schedule", "tick").stdout == "nothing is due\n"


def test_backfill_has_slots_wait_and_cancel_ends_that(newsclean, jobs, ledger):
    """Each slot once, unless it is asked for again."""
    fill = ("schedule", "backfill", "hourly", "--since", "2026-05-01", "--until", "2026-05-01T05:00")
    assert newsclean(*fill).stdout.startswith("hourly: 6 slots wait")
    assert newsclean(*fill).stdout.startswith("hourly: 0 slots wait")
    assert newsclean("schedule", "cancel", "hourly").stdout == "hourly: 6 runs cancelled\n"
    assert newsclean(*fill).stdout.startswith("hourly: 6 slots wait")
    assert {str(run.kind) for run in ledger.runs("hourly")} == {"backfill"}
    assert newsclean("schedule", "backfill", "hourly", "--since", "1990-01-01").exit_code == ExitCode.USAGE
    rows = json.loads(newsclean("schedule", "history", "--json", "-n", "2").stdout)
    assert [row["slot"] for row in rows] == ["2026-05-01 05:00Z", "2026-05-01 04:00Z"]


def test_a_tick_starts_a_run_that_goes_on_by_itself(newsclean, jobs, ledger):
    """A process of its own, with its log; the tick is over before it."""
    hour = dt.datetime.now(dt.UTC).replace(minute=0, second=0, microsecond=0)
    newsclean("schedule", "backfill", "hourly", "--since", hour.isoformat(), "--until", hour.isoformat())
    tick = [sys.executable, "-m", "newsclean", "schedule", "tick"]
    assert " started, attempt 1" in subprocess.run(tick, cwd=jobs, capture_output=True, text=True, check=True).stdout
    deadline = time.monotonic() + 90
    while ledger.open_runs() and time.monotonic() < deadline:
        time.sleep(0.2)
    (run,) = ledger.runs("hourly")
    assert str(run.state) == "done"
    (attempt,) = ledger.attempts(run.run)
    assert "newsclean clean raw" in (jobs / ".newsclean" / attempt.log).read_text()


def test_only_one_keeps_the_schedule(newsclean, jobs, ledger):
    """A tick beside a server does nothing, and says who does."""
    from newsclean.schedule.lease import Lease

    assert Lease(ledger).take(dt.datetime.now(dt.UTC))
    result = newsclean("schedule", "tick")
    assert result.exit_code == 0
    assert re.fullmatch(rf"process {os.getpid()} on .* keeps the schedule; nothing was done\n", result.stdout)


def test_serve_takes_up_a_changed_file_and_ends_in_order(jobs):
    """A fault in it is told, and the old one stays in use."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "newsclean", "schedule", "serve", "--poll", "0.2"],
        cwd=jobs,
        stdout=subprocess.PIPE,
        text=True,
    )
    good = (jobs / "newsclean.toml").read_text()
    try:
        assert "keeps the schedule" in process.stdout.readline()
        (jobs / "newsclean.toml").write_text(good + "[jobs.x]\n")
        assert "what is to be done?" in process.stdout.readline()
        (jobs / "newsclean.toml").write_text(good + '[jobs.x]\nclean = "raw"\n')
        assert "was read again: 3 jobs" in process.stdout.readline()
    finally:
        process.terminate()
        process.communicate(timeout=60)
    assert process.returncode == 0


def test_the_crontab_line_runs_a_tick(newsclean, jobs, ledger):
    """What is exported is what a shell runs, wherever it is run."""
    (line,) = [one for one in newsclean("schedule", "export", "--cron").stdout.splitlines() if not one.startswith("#")]
    fields, command = line.split(" ", 5)[:5], line.split(" ", 5)[5]
    assert fields == ["*"] * 5
    subprocess.run(["/bin/sh", "-c", command.replace(r"\%", "%")], cwd="/", check=True, timeout=120)
    assert set(ledger.jobs()) == {"pages", "hourly"}


def test_the_systemd_service_is_one_that_systemd_takes(newsclean, jobs, tmp_path):
    """Paths with spaces and percent signs, too."""
    text = newsclean("schedule", "export", "--systemd").stdout
    assert f"WorkingDirectory={jobs}" in text
    assert "-m newsclean schedule serve" in text
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze here")
    unit = tmp_path / "newsclean.service"
    unit.write_text(text)
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert "newsclean.service" not in done.stderr, done.stderr


def test_the_kubernetes_jobs_say_what_the_file_says(newsclean, jobs):
    """Each job with times is a CronJob: cron line, time zone, overlap, timeout, retries, command."""
    yaml = pytest.importorskip("yaml")
    pages, hourly = yaml.safe_load_all(newsclean("schedule", "export", "--k8s", "--image", "news:1").stdout)
    assert (pages["apiVersion"], pages["kind"]) == ("batch/v1", "CronJob")
    assert (pages["spec"]["schedule"], pages["spec"]["timeZone"]) == ("30 6 * * *", "Europe/Lisbon")
    assert (hourly["spec"]["schedule"], hourly["spec"]["timeZone"]) == ("0 */1 * * *", "UTC")
    assert (pages["spec"]["concurrencyPolicy"], hourly["spec"]["concurrencyPolicy"]) == ("Forbid", "Replace")
    job = pages["spec"]["jobTemplate"]["spec"]
    assert (job["backoffLimit"], job["activeDeadlineSeconds"]) == (2, 6 * 3600)
    assert job["podFailurePolicy"]["rules"][0]["onExitCodes"]["values"] == [1, 2]
    (container,) = job["template"]["spec"]["containers"]
    assert (container["image"], container["command"]) == ("news:1", ["newsclean", "run", "pages", "--json"])


def test_an_export_that_cannot_be_made_is_an_error(newsclean, jobs):
    """No form, and a span that no cron line says."""
    assert "say which: --cron, --systemd or --k8s" in newsclean("schedule", "export").output
    with (jobs / "newsclean.toml").open("a") as file:
        file.write('[jobs.odd]\nclean = "raw"\nevery = "7h"\n')
    result = newsclean("schedule", "export", "--k8s")
    assert result.exit_code == ExitCode.USAGE
    assert "jobs.odd.every: no cron line says every 7:00:00" in result.output


def test_the_document_names_every_key_command_and_state(repository, newsclean):
    """docs/scheduling.md says what there is."""
    from newsclean.cli.schedule import schedule
    from newsclean.schedule.jobs_loading import _JobTable, _ScheduleTable
    from newsclean.schedule.records import State

    text = (repository / "docs" / "scheduling.md").read_text(encoding="utf-8")
    for name in (*_JobTable.__struct_fields__, *_ScheduleTable.__struct_fields__):
        assert f"`{name}`" in text, name
    for state in set(State) - {State.WAITING, State.STARTING, State.RUNNING}:
        assert f"`{state}`" in text, state
    readme = (repository / "README.md").read_text(encoding="utf-8")
    for name in schedule.commands:
        assert f"schedule {name}" in text or f"`{name}`" in readme or f"{name}`" in readme, name


def test_the_jobs_of_the_document_load(repository, tmp_path):
    """The example is one that newsclean takes."""
    from newsclean.schedule.jobs import load_jobs

    text = (repository / "docs" / "scheduling.md").read_text(encoding="utf-8")
    (tmp_path / "newsclean.toml").write_text(re.search(r"^```toml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[1])
    assert list(load_jobs(tmp_path).jobs) == ["tass", "wires", "weekly"]
