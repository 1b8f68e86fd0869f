"""Compiles the modules that take most of the time, where there is a C compiler: an eighth to a sixth faster.

mypyc makes extension modules of plain Python modules. They behave the same (the tests are run both
ways), and the plain ones lie beside them; without a compiler, or if it fails, these are used.

`NEWSCLEAN_COMPILE=no` spares the time (half a minute), `NEWSCLEAN_COMPILE=yes` makes a failure to
compile a failure to build. An editable install is never compiled: what is edited would not be run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_WISH = os.environ.get("NEWSCLEAN_COMPILE", "auto")
_SUFFIXES = (".so", ".pyd")
# Run in a process of its own, in a copy of src/: mypyc exits on errors and writes beside the sources.
# The libraries are made side by side; -O1 takes three quarters of the time of -O3 for code that is 1% slower.
_COMPILE = """
import sys
from mypyc.build import mypycify
from setuptools import setup

groups = [(group.split(","), f"newsclean_{number}") for number, group in enumerate(sys.argv[1:])]
files = [file for group, _ in groups for file in group]
flags = ["--config-file=", "--ignore-missing-imports", "--follow-imports=silent"]
modules = mypycify([*flags, *files], opt_level="1", debug_level="0", separate=groups)
setup(
    name="newsclean", ext_modules=modules, script_args=["-q", "build_ext", "--inplace", "--parallel", str(len(groups))]
)
"""


class CompilingHook(BuildHookInterface[Any]):
    """Adds what mypyc makes of the modules named in pyproject.toml to a wheel."""

    def dependencies(self) -> list[str]:
        """Return what the build needs besides hatchling."""
        return [] if _WISH == "no" else list(self.config["compiler"])

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and name the files that the wheel holds in addition; nothing if that cannot be done."""
        if self.target_name != "wheel" or version != "standard" or _WISH == "no":
            return
        place = Path(tempfile.mkdtemp(prefix="newsclean-build-"))
        self._place = place
        shutil.copytree(Path(self.root, "src"), place / "src", ignore=shutil.ignore_patterns("__pycache__"))
        groups = [",".join(self._files(group)) for group in self.config["groups"]]
        done = subprocess.run(  # noqa: S603  (our own interpreter, with what is written above)
            [sys.executable, "-c", _COMPILE, *groups], cwd=place / "src", capture_output=True, text=True, check=False
        )
        made = sorted(path for path in (place / "src").rglob("*") if path.suffix in _SUFFIXES)
        made = [path for path in made if "build" not in path.relative_to(place / "src").parts]
        if done.returncode or not made:
            says = (done.stderr or done.stdout)[-2000:]
            self.finalize(version, build_data, "")
            if _WISH == "yes":
                raise RuntimeError(f"the modules cannot be compiled: {says}")
            self.app.display_warning(f"not compiled, all works in plain Python, some slower: {says}")
            return
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        build_data["force_include"].update({str(path): path.relative_to(place / "src").as_posix() for path in made})

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Take away the copy of the sources and what was made there."""
        if place := getattr(self, "_place", None):
            shutil.rmtree(place, ignore_errors=True)

    def _files(self, patterns: list[str]) -> list[str]:
        """Return the modules of a group, as paths below src/; a pattern that matches nothing is an error."""
        source = Path(self.root, "src")
        found: set[str] = set()
        for pattern in patterns:
            paths = {path.relative_to(source).as_posix() for path in source.glob(pattern.removeprefix("!"))}
            if not paths:
                raise ValueError(f"pyproject.toml: no module to compile is named {pattern}")
            found = found - paths if pattern.startswith("!") else found | paths
        return sorted(path for path in found if not path.endswith("/__init__.py"))
