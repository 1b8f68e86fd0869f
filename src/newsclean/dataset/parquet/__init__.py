"""Rows to Parquet files and back: the schema, the form of the files, and the folders that they are parted by."""
