"""Which of a page's text is the story, and what becomes of all the rest."""
