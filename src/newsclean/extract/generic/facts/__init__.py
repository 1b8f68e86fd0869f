"""What a page tells of its article beside the text, each with its witness: headline, authors, dates, section."""
