"""The table `alarms`: what it may say, and errors that name place and remedy."""

from __future__ import annotations

import pytest

from newsclean.errors import ConfigError
from newsclean.schedule.alarms import check_options
from newsclean.schedule.alarms.options import Email, read_options


def place(keys):
    return f"newsclean.toml:7: alarms.{'.'.join(keys)}"


def test_an_empty_table_is_all_defaults():
    """Alarms are on without a word, and nobody is told."""
    found = read_options({})
    assert (found.off, found.command, found.webhook, found.email, found.metrics) == (frozenset(), (), None, None, None)
    assert found.min_runs == 3


def test_everything_can_be_said():
    """All keys, with a command in one text and the port that goes with the security."""
    found = read_options(
        {
            "off": ["body_length", "drought:lowmark.test"],
            "min_runs": 5,
            "command": "notify 'all is odd'",
            "webhook": "https://hooks.lowmark.test/a",
            "email": {"to": "desk@lowmark.test", "host": "mail.lowmark.test", "security": "starttls", "user": "me"},
            "metrics": "metrics.prom",
        },
        place,
    )
    assert found.command == ("notify", "all is odd")
    assert found.off == {"body_length", "drought:lowmark.test"}
    assert found.email == Email(
        to=("desk@lowmark.test",),
        sender="desk@lowmark.test",
        host="mail.lowmark.test",
        port=587,
        security="starttls",
        user="me",
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"webhok": "x"}, 'newsclean.toml:7: alarms.webhok: unknown key; did you mean "webhook"?'),
        ({"off": ["body_lenght"]}, 'alarms.off: body_lenght: no such check; did you mean "body_length"?'),
        ({"off": "body_length"}, "alarms.off: a list of checks is needed"),
        ({"min_runs": 0}, "alarms.min_runs: a number from 1 to 100 is needed"),
        ({"min_runs": True}, "alarms.min_runs: a number"),
        ({"command": 7}, "alarms.command: a command is needed"),
        ({"command": "'open"}, "alarms.command: cannot be read as a command"),
        ({"webhook": "ftp://a"}, "alarms.webhook: ftp://a: an address that begins with https://"),
        ({"email": "desk@lowmark.test"}, "alarms.email: a table is needed"),
        ({"email": {"to": ["desk"]}}, "alarms.email.to: one or more addresses are needed"),
        ({"email": {"to": ["a@b.test"], "hots": "x"}}, 'alarms.email.hots: unknown key; did you mean "host"?'),
        (
            {"email": {"to": ["a@b.test"], "security": "ssl"}},
            "alarms.email.security: 'ssl': must be one of starttls, tls",
        ),
        ({"email": {"to": ["a@b.test"], "port": 0}}, "alarms.email.port: a number from 1 to 65535"),
        ({"metrics": ""}, "alarms.metrics: a file name"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_place(options, words):
    """File, line, key and the way out, for each mistake."""
    with pytest.raises(ConfigError) as error:
        check_options(options, place)
    assert words in str(error.value)


def test_the_line_of_a_mistake_is_found_in_the_file(tmp_path):
    """Loading the jobs checks their alarms, too, and says on which line."""
    from newsclean.schedule.jobs import load_jobs

    text = '[jobs.lowmark]\nclean = ["raw"]\nevery = "1d"\n\n[jobs.lowmark.alarms]\nof = ["drought"]\n'
    (tmp_path / "newsclean.toml").write_text(text)
    with pytest.raises(ConfigError, match=r"newsclean.toml:6: jobs.lowmark.alarms.of: unknown key; did you mean"):
        load_jobs(tmp_path)
