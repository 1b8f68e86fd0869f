"""The command's root: what it offers, how fast it is there, how it fails."""

from __future__ import annotations

import re
import resource
import subprocess
import sys

import pytest

from newsclean.cli.exit_codes import EXIT_CODES, ExitCode, exit_code_of
from newsclean.errors import ConfigError, DatasetError, ProfileError, RunError, SchemaTooNew


def fastest_s(*command):
    """Return the shortest CPU time of some runs: what else the machine does is not the command's doing."""
    times = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *command], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


def test_help_names_the_commands_and_every_exit_code(newsclean):
    """What a scheduler may meet is in the help."""
    text = " ".join(newsclean("--help").output.split())
    for command in ("clean", "verify", "explain", "sites"):
        assert f" {command} " in text
    for code, meaning in EXIT_CODES.items():
        assert f"{int(code)} {meaning}" in text


@pytest.mark.parametrize("command", ["clean", "verify", "explain", "sites", "sites list", "sites show", "sites test"])
def test_every_command_has_help(newsclean, command):
    """Each command explains itself."""
    result = newsclean(*command.split(), "--help")
    assert result.exit_code == 0
    assert "Usage: newsclean" in result.output


@pytest.mark.parametrize("group", ["", "schedule", "sites", "hold", "alarms", "audit"])
def test_no_command_is_described_by_half_a_sentence(newsclean, group):
    """The list of commands has the whole first sentence of each."""
    listed = newsclean(*group.split(), "--help").output.partition("\nCommands:\n")[2]
    assert listed.split()
    assert "..." not in listed


def test_the_form_of_files_stays_where_no_option_changes_it(newsclean):
    """What compact does without the options is not what it does with `none`."""
    text = " ".join(newsclean("compact", "--help").output.split())
    assert "[default: as it is]" in text
    assert "[default: none" not in text


def test_version(newsclean):
    """The version is that of the package."""
    import newsclean as package

    assert newsclean("--version").output == f"newsclean {package.__version__}\n"


def test_an_unknown_command_or_option_is_a_usage_error(newsclean):
    """Usage errors end with 2."""
    assert newsclean("claen").exit_code == ExitCode.USAGE
    assert newsclean("clean", "raw", "-o", "clean", "--wokers", "2").exit_code == ExitCode.USAGE


@pytest.mark.parametrize(
    ("error", "code"),
    [(ConfigError, 2), (ProfileError, 2), (DatasetError, 3), (SchemaTooNew, 3), (RunError, 4)],
)
def test_each_error_has_its_exit_code(error, code):
    """The code follows from the kind of error."""
    assert exit_code_of(error("x")) == code


def test_the_command_and_the_package_are_there_in_no_time():
    """Help and import load none of the heavy libraries: under 0.4 s and 0.3 s."""
    assert fastest_s("-c", "import newsclean") < 0.3
    assert fastest_s("-m", "newsclean", "--help") < 0.4


@pytest.mark.parametrize("code", ["import newsclean", "import sys; sys.argv = ['newsclean', '--help']; main()"])
def test_heavy_libraries_are_loaded_late(code):
    """Neither the import nor the help touches a library that takes its time."""
    heavy = {"pyarrow", "lxml", "trafilatura", "langdetect", "py3langid", "numpy", "rich", "chardet", "msgspec"}
    program = (
        "import sys\nfrom newsclean.cli.main import main\ntry:\n    "
        f"{code}\nexcept SystemExit: pass\nprint('LOADED', *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    loaded = set(re.split(r"\s+", done.stdout.partition("LOADED")[2]))
    assert not heavy & loaded
