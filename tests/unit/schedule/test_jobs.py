"""Jobs in newsclean.toml: what may stand there, and what is said where it may not."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from newsclean.errors import ConfigError
from newsclean.schedule.jobs import CatchUp, Overlap, load_jobs

GOOD = """contact = "desk@lowmark.example"
[schedule]
timezone = "Europe/Lisbon"

[jobs.one]
spider = "lowmark"
arguments = { since = "3d", limit = 5, full = true }
cron = "*/30 * * * *"
overlap = "queue"

[jobs.two]
clean = ["raw", "drop/*.html"]
every = "1h30m"
after = ["one"]
"""


def test_a_job_has_what_the_file_says_and_defaults_for_the_rest(project, tmp_path):
    """Values, defaults, folders beside the file, arguments as the command line takes them."""
    jobs = project(GOOD)
    one, two = jobs.jobs["one"], jobs.jobs["two"]
    assert (one.spider, one.arguments) == ("lowmark", {"since": "3d", "limit": "5", "full": "true"})
    assert (one.times.zone, one.overlap, one.catch_up) == ("Europe/Lisbon", Overlap.QUEUE, CatchUp.LATEST)
    assert (one.raw, one.output) == (tmp_path / "raw", tmp_path / "clean")
    assert (two.clean, two.times.every, two.after) == (("raw", "drop/*.html"), dt.timedelta(minutes=90), ("one",))
    assert jobs.ledger_path == tmp_path / ".newsclean" / "ledger.sqlite"


def test_an_archive_may_be_in_an_object_store(project, tmp_path):
    """The crawl writes there, and what is cleaned is the site's part of it."""
    from newsclean.schedule.arguments import clean_command, crawl_command
    from newsclean.schedule.records import Kind, Run, State

    job = project(GOOD.replace("[schedule]", '[schedule]\nraw = "s3://news/raw/"')).jobs["one"]
    at = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    run = Run(
        run=1,
        job="one",
        slot=at,
        kind=Kind.MANUAL,
        state=State.RUNNING,
        not_before=at,
        failures=0,
        created_at=at,
        ended_at=None,
        note="",
    )
    assert "s3://news/raw" in crawl_command(job, run)
    assert clean_command(job, "lowmark.test")[1] == "s3://news/raw/lowmark.test"


def test_a_dataset_may_be_in_an_object_store(project, tmp_path):
    """For all jobs or for one; no folder of such a name is meant."""
    jobs = project(GOOD.replace("[schedule]", '[schedule]\noutput = "s3://news/clean/"') + 'output = "here"\n')
    assert str(jobs.jobs["one"].output) == "s3://news/clean"
    assert jobs.jobs["two"].output == tmp_path / "here"


def test_a_project_without_jobs_has_none(tmp_path):
    """Neither a missing file nor an empty one is an error; a job that is asked for is."""
    assert not load_jobs(tmp_path).jobs
    with pytest.raises(ConfigError, match=r"add \[jobs.NAME\]"):
        load_jobs(tmp_path).job("one")


def test_an_unknown_job_is_answered_with_the_nearest(project):
    """A slip of the pen is named."""
    with pytest.raises(ConfigError, match="onee: no such job; did you mean one"):
        project(GOOD).job("onee")


@pytest.mark.parametrize(
    ("was", "now", "message"),
    [
        ("cron =", "corn =", ':8: jobs.one.corn: unknown key; did you mean "cron"?'),
        ('"queue"', '"que"', ":9: jobs.one.overlap: 'que': must be one of skip, queue, cancel"),
        ("*/30 *", "61 *", ":8: jobs.one.cron: '61 * * * *': Bad minute"),
        ("*/30 * * * *", "* * * *", ":8: jobs.one.cron: '* * * *': must have the five fields"),
        ("*/30 * * * *", "0 0 31 2 *", ":8: jobs.one.cron: '0 0 31 2 *': Bad day-of-month"),
        ("Lisbon", "Lisbom", ":3: schedule.timezone: 'Europe/Lisbom' is no time zone"),
        ('["one"]', '["onn"]', ":14: jobs.two.after: [0]: no job 'onn'; did you mean \"one\"?"),
        ('["one"]', '["two"]', ":14: jobs.two.after: jobs wait for each other: two after two"),
        ("limit = 5", "limit = [5]", ":7: jobs.one.arguments: Expected"),
        ('"1h30m"', "90", ":13: jobs.two.every: Expected str"),
        ('"1h30m"', '"90"', ":13: jobs.two.every: '90' is no span of time; write it as 90s"),
        ('"1h30m"', '"30s"', ":13: jobs.two.every: '30s': must be a minute or more"),
        ('every = "1h30m"', 'every = "1h"\nspider = "x"', ":12: jobs.two.clean: a job has a spider or something"),
        ('every = "1h30m"', 'every = "1h"\ncron = "@daily"', ":13: jobs.two.every: a job has cron or every"),
        ('every = "1h30m"', 'settings = { A = "b" }', ":13: jobs.two.settings: is for a spider"),
        ('spider = "lowmark"', "retries = 1", ":5: jobs.one: what is to be done?"),
        ('spider = "lowmark"', 'spider = "x"\nretries = -1', ":7: jobs.one.retries: must be 0 to 100"),
        ('spider = "lowmark"', 'spider = "x"\ncatch_up_most = 0', ":7: jobs.one.catch_up_most: must be 1 to 1000"),
        ('spider = "lowmark"', 'spider = "x"\njitter = "soon"', ":7: jobs.one.jitter: 'soon' is no span"),
        (
            'after = ["one"]',
            'output = "gs://news/clean"',
            ":14: jobs.two.output: 'gs://news/clean': must be a folder, or",
        ),
        (
            'after = ["one"]',
            'output = "s3://n/c"\non_alarm = "hold"',
            ':15: jobs.two.on_alarm: "hold" keeps rows back on',
        ),
        ("[jobs.two]", "[jobs.Two]", ":11: jobs.Two: a job is named by small letters"),
        ("[schedule]", "[schedule]\nparallel = 0", ":3: schedule.parallel: must be 1 or more"),
        ("[jobs.two]", "[[jobs.two]]", ":11: jobs.two: must be a table: [jobs.two]"),
    ],
)
def test_what_cannot_be_used_is_said_with_line_and_key(project, was, now, message):
    """File, line, key, what is wrong, and the way out."""
    assert was in GOOD
    with pytest.raises(ConfigError, match=re.escape(f"newsclean.toml{message}")):
        project(GOOD.replace(was, now, 1))


def test_the_wait_before_a_retry_doubles_up_to_a_day(project):
    """Five minutes, ten, twenty, ... and never more than a day."""
    job = project(GOOD).jobs["one"]
    minutes = [job.delay_after(failures).total_seconds() / 60 for failures in (1, 2, 3, 20, 99)]
    assert minutes == [5, 10, 20, 1440, 1440]


def test_lines_of_keys_are_found_however_they_are_written():
    """Tables, dotted keys, quoted keys, inline tables, and the nearest place for what is not there."""
    from newsclean.schedule.toml_lines import line_of

    text = 'a = 1\n[jobs."x"]\ncron = "="\nalarms.off = []\n[jobs.y]\narguments = { since = 1 }\n'
    assert line_of(text, ("a",)) == 1
    assert line_of(text, ("jobs", "x", "cron")) == 3
    assert line_of(text, ("jobs", "x", "alarms", "off")) == 4
    assert line_of(text, ("jobs", "y", "arguments", "since")) == 6
    assert line_of(text, ("jobs", "y", "gone")) == 5
    assert line_of(text, ("gone",)) is None
