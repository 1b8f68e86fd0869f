"""What `[alarms]` and `[jobs.NAME.alarms]` in newsclean.toml may say."""

from __future__ import annotations

import difflib
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from newsclean.errors import ConfigError
from newsclean.schedule.alarms.judging import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Place = Callable[[Sequence[str]], str]

__all__ = ["Email", "Options", "check_options", "read_options"]

MIN_RUNS: Final = 3
_KEYS: Final = ("off", "min_runs", "command", "webhook", "email", "metrics")
_EMAIL_KEYS: Final = ("to", "from", "host", "port", "security", "user", "password_env")
_SECURITY: Final = {"starttls": 587, "tls": 465, "none": 25}


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """Where a mail goes, and through which server; the password is in the environment, never in a file."""

    to: tuple[str, ...]
    sender: str
    host: str = "localhost"
    port: int = 25
    security: str = "none"
    user: str | None = None
    password_env: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is left out, how many runs have to be remembered before one is compared with them, and who is told.

    `metrics` is a file, relative to the project, that is written after each run.
    """

    off: frozenset[str] = frozenset()
    min_runs: int = MIN_RUNS
    command: tuple[str, ...] = ()
    webhook: str | None = None
    email: Email | None = None
    metrics: str | None = None


def check_options(options: Mapping[str, Any], place: Place) -> None:
    """Raise ConfigError, which names the place of the key and the remedy, for what cannot be used."""
    read_options(options, place)


def read_options(
    options: Mapping[str, Any], place: Place = lambda keys: f"newsclean.toml: {'.'.join(keys)}"
) -> Options:
    """Return the options as they were checked; raises ConfigError as `check_options` does."""
    _refuse_unknown(options, _KEYS, place)
    email = options.get("email")
    return Options(
        off=frozenset(_off(options.get("off", []), place)),
        min_runs=_number(options.get("min_runs", MIN_RUNS), (1, 100), ("min_runs",), place),
        command=_command(options.get("command"), place),
        webhook=_webhook(options.get("webhook"), place),
        email=None if email is None else _email(email, place),
        metrics=_text(options.get("metrics"), ("metrics",), place, 'a file name, as in "metrics.prom"'),
    )


def _off(names: Any, place: Place) -> list[str]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ConfigError(
            f'{place(("off",))}: a list of checks is needed, as in ["body_length", "drought:example.org"]'
        )
    for name in names:
        check = name.partition(":")[0]
        if check not in NAMES:
            raise ConfigError(f"{place(('off',))}: {check}: no such check; {_near(check, NAMES)}")
    return names


def _command(stated: Any, place: Place) -> tuple[str, ...]:
    if stated is None:
        return ()
    if isinstance(stated, list) and stated and all(isinstance(part, str) for part in stated):
        return tuple(stated)
    try:
        parts = tuple(shlex.split(stated)) if isinstance(stated, str) else ()
    except ValueError as error:
        raise ConfigError(f"{place(('command',))}: cannot be read as a command: {error}") from error
    if not parts:
        raise ConfigError(
            f'{place(("command",))}: a command is needed, as in "notify-send newsclean" or a list of its words'
        )
    return parts


def _webhook(stated: Any, place: Place) -> str | None:
    text = _text(stated, ("webhook",), place, 'an address, as in "https://hooks.example.org/abc"')
    if text is not None and (urlsplit(text).scheme not in {"http", "https"} or not urlsplit(text).hostname):
        raise ConfigError(f"{place(('webhook',))}: {text}: an address that begins with https:// or http:// is needed")
    return text


def _email(values: Any, place: Place) -> Email:
    if not isinstance(values, dict):
        raise ConfigError(
            f'{place(("email",))}: a table is needed, as in email = {{to = ["me@example.org"], host = "..."}}'
        )

    def inner(keys: Sequence[str]) -> str:
        return place(("email", *keys))

    _refuse_unknown(values, _EMAIL_KEYS, inner)
    to = values.get("to")
    to = [to] if isinstance(to, str) else to
    if not isinstance(to, list) or not to or not all(isinstance(one, str) and "@" in one for one in to):
        raise ConfigError(f'{inner(("to",))}: one or more addresses are needed, as in to = ["me@example.org"]')
    security = values.get("security", "none")
    if security not in _SECURITY:
        raise ConfigError(f"{inner(('security',))}: {security!r}: must be one of {', '.join(_SECURITY)}")
    return Email(
        to=tuple(to),
        sender=_text(values.get("from"), ("from",), inner, "an address") or to[0],
        host=_text(values.get("host"), ("host",), inner, "a host name") or "localhost",
        port=_number(values.get("port", _SECURITY[security]), (1, 65535), ("port",), inner),
        security=security,
        user=_text(values.get("user"), ("user",), inner, "a name"),
        password_env=_text(values.get("password_env"), ("password_env",), inner, "the name of a variable"),
    )


def _text(stated: Any, keys: Sequence[str], place: Place, what: str) -> str | None:
    if stated is not None and (not isinstance(stated, str) or not stated.strip()):
        raise ConfigError(f"{place(keys)}: {what} is needed")
    return stated


def _number(stated: Any, bounds: tuple[int, int], keys: Sequence[str], place: Place) -> int:
    if not isinstance(stated, int) or isinstance(stated, bool) or not bounds[0] <= stated <= bounds[1]:
        raise ConfigError(f"{place(keys)}: a number from {bounds[0]} to {bounds[1]} is needed")
    return stated


def _refuse_unknown(values: Mapping[str, Any], known: Sequence[str], place: Place) -> None:
    for key in values:
        if key not in known:
            raise ConfigError(f"{place((key,))}: unknown key; {_near(key, known)}")


def _near(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f'did you mean "{near[0]}"?' if near else f"known are {', '.join(known)}"
