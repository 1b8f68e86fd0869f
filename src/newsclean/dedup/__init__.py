"""Copies of a text and versions of a story: what is told from texts alone, with nothing of files.

sketch (a text to a few hashes) -> pairs (texts that share one) -> leaders (the pairs that hold, text against text)
                                                                 -> rows of `clusters`
"""
