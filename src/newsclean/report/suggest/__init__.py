"""Profiles proposed from what the pages of one site repeat: printed for a person to review, never used by itself."""
