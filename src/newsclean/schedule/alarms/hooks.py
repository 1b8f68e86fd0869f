"""Who hears of alarms: a command, a webhook, a mailbox. One that fails is told of and stops nothing."""

from __future__ import annotations

import json
import os
import smtplib
import ssl
import subprocess
import urllib.error
import urllib.request
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from newsclean.schedule.alarms.options import Email, Options
    from newsclean.schedule.records import Alarm, RunFacts

__all__ = ["message_of", "tell"]

_TIMEOUT_S: Final = 30
_MOST_OUTPUT: Final = 200


def message_of(facts: RunFacts, alarms: Sequence[Alarm], batch: str | None) -> dict[str, Any]:
    """Return what a hook is told, as JSON values."""
    return {
        "job": facts.run.job,
        "run": facts.run.run,
        "slot": facts.run.slot.isoformat(),
        "project": str(facts.project),
        "dataset": str(facts.output),
        "held": batch,
        "text": _text(facts, alarms, batch),
        "alarms": [
            {
                "check": one.check,
                "site": one.site,
                "layout": one.layout,
                "sentence": one.sentence,
                "value": one.value,
                "low": one.low,
                "high": one.high,
                "samples": list(one.samples),
            }
            for one in alarms
        ],
    }


def tell(message: Mapping[str, Any], options: Options) -> list[str]:
    """Tell everyone whom the options name; return, in a sentence each, which of them could not be told and why."""
    return list(_failures(message, options))


def _failures(message: Mapping[str, Any], options: Options) -> Iterator[str]:
    hooks: list[tuple[str, Callable[[], None]]] = []
    if options.command:
        hooks.append((f"command {options.command[0]}", lambda: _run(options.command, message)))
    if options.webhook is not None:
        address = options.webhook
        hooks.append((f"webhook {address}", lambda: _post(address, message)))
    if options.email is not None:
        email = options.email
        hooks.append((f"e-mail by {email.host}:{email.port}", lambda: _mail(email, message)))
    for name, call in hooks:
        try:
            call()
        except (OSError, subprocess.SubprocessError, smtplib.SMTPException, ValueError) as error:
            yield f"alarms: the {name} could not be told: {error}"


def _run(command: Sequence[str], message: Mapping[str, Any]) -> None:
    """Run a command with the message as JSON on its standard input, and the text of it in NEWSCLEAN_ALARM."""
    more = {"NEWSCLEAN_JOB": message["job"], "NEWSCLEAN_ALARM": message["text"]}
    done = subprocess.run(  # noqa: S603  (the user's own command)
        command,
        input=json.dumps(message, ensure_ascii=False),
        text=True,
        capture_output=True,
        timeout=_TIMEOUT_S,
        check=False,
        env={**os.environ, **more},
        cwd=message["project"],
    )
    if done.returncode:
        raise subprocess.SubprocessError(f"exit code {done.returncode}: {done.stderr.strip()[:_MOST_OUTPUT]}")


def _post(address: str, message: Mapping[str, Any]) -> None:
    request = urllib.request.Request(  # noqa: S310  (the options let http and https pass alone)
        address,
        data=json.dumps(message, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json", "User-Agent": "newsclean"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as response:  # noqa: S310  (same)
        response.read(_MOST_OUTPUT)


def _mail(email: Email, message: Mapping[str, Any]) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"] = email.sender, ", ".join(email.to)
    count = len(message["alarms"])
    letter["Subject"] = f"newsclean: {message['job']}: {count} alarm{'' if count == 1 else 's'}"
    letter.set_content(message["text"] + "\n")
    if email.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            email.host, email.port, timeout=_TIMEOUT_S, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(email.host, email.port, timeout=_TIMEOUT_S)
    with server:
        if email.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if email.user:
            server.login(email.user, _password(email))
        server.send_message(letter)


def _password(email: Email) -> str:
    name = email.password_env or "NEWSCLEAN_SMTP_PASSWORD"
    if name not in os.environ:
        raise ValueError(f"no password: set the variable {name}")
    return os.environ[name]


def _text(facts: RunFacts, alarms: Sequence[Alarm], batch: str | None) -> str:
    lines = [f"{facts.run.job}, run of {facts.run.slot:%Y-%m-%d %H:%M} UTC:"]
    for one in alarms:
        lines.append(f"- {one.sentence}")
        lines += [f"    {sample}" for sample in one.samples[:3]]
    if batch:
        lines.append(f"What came is kept back: newsclean hold list, then release or drop {batch}.")
    return "\n".join(lines)
