"""What the rows of a dataset or a run come to."""
