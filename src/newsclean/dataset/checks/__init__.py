"""Whether a dataset is what its records say: its files, and its rows among each other."""
