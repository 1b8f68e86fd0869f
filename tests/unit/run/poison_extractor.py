"""An extractor that does what its page says: every way in which code can fail a run."""

from __future__ import annotations

import ctypes
import os
import time
from pathlib import Path

from newsclean.extract.site import SiteExtractor


class Poison(SiteExtractor):
    def extract(self, view):
        text = view.text
        if "SLEEP" in text:
            time.sleep(1000)
        if "SPIN" in text:
            while True:
                pass
        if "SEGFAULT" in text:
            ctypes.string_at(0)
        if "MEMORY" in text:
            bytearray(10**12)
        if "RAISE" in text:
            raise KeyError("no such thing at 0x7f00")
        if "EXIT" in text:
            os._exit(7)
        if "ONCE" in text:
            once = Path(view.text.partition("ONCE:")[2].partition(";")[0])
            if not once.exists():
                once.touch()
                os.kill(os.getpid(), 9)
        return super().extract(view)
