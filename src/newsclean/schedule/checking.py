"""The checks of a run, which come from `newsclean.schedule.alarms` and are loaded as late as they are needed."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newsclean.schedule.ledger import Ledger
    from newsclean.schedule.records import Alarm, RunFacts

    Check = Callable[[RunFacts, Ledger], tuple[Alarm, ...]]
    Act = Callable[[RunFacts, tuple[Alarm, ...], Ledger], None]
    Place = Callable[[Sequence[str]], str]
    OptionsCheck = Callable[[Mapping[str, Any], Place], None]
    CleanOptions = Callable[[RunFacts], list[str]]

__all__ = ["act_on", "checks", "clean_options", "options_check"]

_MODULE: Final = "newsclean.schedule.alarms"


def checks() -> Sequence[Check]:
    """Return what is called after a run, in order."""
    found: Sequence[Check] = _named("CHECKS") or ()
    return found


def act_on() -> Act | None:
    """Return what is called with the alarms of a run, once they are in the ledger."""
    found: Act | None = _named("act")
    return found


def options_check() -> OptionsCheck | None:
    """Return what looks at the tables `alarms` of newsclean.toml."""
    found: OptionsCheck | None = _named("check_options")
    return found


def clean_options() -> CleanOptions | None:
    """Return what adds arguments to `newsclean clean` for a run."""
    found: CleanOptions | None = _named("clean_options")
    return found


def _named(name: str) -> Any:
    return getattr(import_module(_MODULE), name, None) if find_spec(_MODULE) else None
