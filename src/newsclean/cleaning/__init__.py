"""Steps from what was read to what is published: each takes an `Extraction` and returns a new one."""

from newsclean.cleaning.echoes import without_echoes
from newsclean.cleaning.publishing import article_of
from newsclean.cleaning.steps import STEPS, CleaningStep, cleaned

__all__ = ["STEPS", "CleaningStep", "article_of", "cleaned", "without_echoes"]
