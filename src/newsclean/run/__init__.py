"""A run over many pages: what has to be done, who does it, what came of it."""
