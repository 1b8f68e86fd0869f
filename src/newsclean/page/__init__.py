"""From bytes to something readable: charset, kind, tree or lines, each found once and lazily."""

from newsclean.page.units import Unit, units
from newsclean.page.view import Line, PageView

__all__ = ["Line", "PageView", "Unit", "units"]
