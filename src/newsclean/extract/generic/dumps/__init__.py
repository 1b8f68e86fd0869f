"""Text dumps of any site: where the story begins and ends, and what each line is."""
