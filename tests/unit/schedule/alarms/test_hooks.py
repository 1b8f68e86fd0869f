"""Hooks: each is told the same, a failing one is told of, and none stops a run."""

from __future__ import annotations

import json
import socketserver
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from newsclean.schedule.alarms.hooks import tell
from newsclean.schedule.alarms.options import Email, Options


@pytest.fixture
def message(tmp_path):
    return {
        "job": "lowmark",
        "project": str(tmp_path),
        "text": "lowmark, run of 2026-03-02 06:00 UTC:\n- море: it is all odd",
        "alarms": [{"check": "fallback", "sentence": "море: it is all odd"}],
    }


@contextmanager
def serving(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


class Smtp(socketserver.StreamRequestHandler):
    """As much of a mail server as takes a letter."""

    letters: ClassVar[list[bytes]] = []
    commands: ClassVar[list[str]] = []

    def handle(self):
        self.say("220 loopback")
        while line := self.rfile.readline():
            command = line.decode().strip()
            Smtp.commands.append(command)
            verb = command.upper().partition(" ")[0]
            if verb == "DATA":
                self.say("354 go on")
                letter = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    letter += part
                Smtp.letters.append(letter)
                self.say("250 taken")
            elif verb == "EHLO":
                self.wfile.write(b"250-loopback\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n")
            elif verb == "AUTH":
                self.say("235 welcome")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


def test_a_command_gets_the_message_and_its_text(message, tmp_path):
    """A command has the message as JSON on its standard input, the text in a variable, and the project around it."""
    code = "import json, os, sys; open('told', 'w').write(os.environ['NEWSCLEAN_ALARM'] + sys.stdin.read())"
    assert tell(message, Options(command=(sys.executable, "-c", code))) == []
    told = (tmp_path / "told").read_text()
    assert told.startswith(message["text"])
    assert json.loads(told.removeprefix(message["text"])) == message


def test_a_command_that_fails_is_told_of(message):
    """Its exit code and what it said come back as a sentence; so does a command that is not there."""
    fails = Options(command=(sys.executable, "-c", "import sys; sys.exit('no paper')"))
    assert tell(message, fails) == [f"alarms: the command {sys.executable} could not be told: exit code 1: no paper"]
    assert "could not be told" in tell(message, Options(command=("no-such-command",)))[0]


def test_a_webhook_gets_the_message_as_json(message):
    """The address is asked by POST; an answer of 500 is a failure."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append((self.path, self.headers["Content-Type"], json.loads(body)))
            self.send_response(500 if self.path == "/broken" else 204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        assert tell(message, Options(webhook=f"http://127.0.0.1:{port}/hook")) == []
        failures = tell(message, Options(webhook=f"http://127.0.0.1:{port}/broken"))
    assert seen[0] == ("/hook", "application/json", message)
    assert "500" in failures[0]


def test_a_letter_comes_with_the_alarms(message, monkeypatch):
    """The mail has job and number of alarms as its subject, the text as its body, a password from outside."""
    monkeypatch.setenv("LOWMARK_PASSWORD", "secret")
    with serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp)) as port:
        email = Email(
            to=("desk@lowmark.test", "night@lowmark.test"),
            sender="newsclean@lowmark.test",
            host="127.0.0.1",
            port=port,
            user="me",
            password_env="LOWMARK_PASSWORD",
        )
        assert tell(message, Options(email=email)) == []
        monkeypatch.delenv("LOWMARK_PASSWORD")
        assert "set the variable LOWMARK_PASSWORD" in tell(message, Options(email=email))[0]
    import email as emails
    from email import policy

    letter = emails.message_from_bytes(Smtp.letters[-1], policy=policy.default)
    assert letter["Subject"] == "newsclean: lowmark: 1 alarm"
    assert letter["To"] == "desk@lowmark.test, night@lowmark.test"
    assert message["text"] in letter.get_content().replace("\r\n", "\n")
    assert any(command.startswith("AUTH") for command in Smtp.commands)


def test_one_that_fails_does_not_silence_the_others(message, tmp_path):
    """A webhook that nobody listens to is told of; the command before it was run."""
    code = "open('told', 'w').write('yes')"
    options = Options(command=(sys.executable, "-c", code), webhook="http://127.0.0.1:9/hook")
    failures = tell(message, options)
    assert (tmp_path / "told").read_text() == "yes"
    assert len(failures) == 1
    assert failures[0].startswith("alarms: the webhook")
