"""Fixtures of the tests that look at our pages in a real browser: the Chromium that the system has."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import contextmanager

import pytest

_QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


class Looked:
    """A page in the browser, with what it said on the console and asked of the network."""

    def __init__(self, page):
        self.page = page
        self.said = []
        self.asked = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", self._note)

    def _note(self, request):
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.asked.append(request.url)

    def open(self, path):
        self.page.goto(path.resolve().as_uri())
        return self

    def is_clean(self):
        """Nothing on the console, nothing asked of a network, nothing wider than the window."""
        width = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return (self.said, self.asked, width <= 0) == ([], [], True)


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine: install the package chromium")
    return path


@pytest.fixture
def look(chromium):
    """Open pages: `with look(width=1280, dark=False) as looked: looked.open(path)`."""
    from playwright.sync_api import sync_playwright

    @contextmanager
    def opened(*, width=1280, dark=False):
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium, args=list(_QUIET))
            try:
                scheme = "dark" if dark else "light"
                size = {"width": width, "height": 900}
                yield Looked(browser.new_page(viewport=size, color_scheme=scheme, accept_downloads=True))
            finally:
                browser.close()

    return opened


@pytest.fixture
def newsclean():
    """Run the command line in a process of its own and return what it printed; it must succeed."""

    def run(*args, cwd=None):
        command = [sys.executable, "-m", "newsclean", *map(str, args)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
