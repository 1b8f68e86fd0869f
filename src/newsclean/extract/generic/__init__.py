"""Extraction from pages of sites without a profile."""
