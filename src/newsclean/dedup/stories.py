"""How to read one row a story, in SQL."""

from __future__ import annotations

from typing import Final

__all__ = ["stories_sql"]

_SQL: Final = """\
-- One row a story: of the copies of a text the one that came first.
-- For DuckDB. Nothing is deleted; articles that came in after the last `newsclean dedup` are stories of their own.
create or replace view stories as
select articles.*
from read_parquet('{path}/articles/*.parquet') as articles
left join read_parquet('{path}/clusters/*.parquet') as clusters using (article_id, body_sha256)
qualify row_number() over (
    partition by coalesce(clusters.cluster_id, articles.article_id || articles.body_sha256)
    order by
        coalesce(clusters.role = 'earliest', false) desc,
        coalesce(articles.published_at, articles.modified_at, articles.fetched_at) nulls last,
        articles.raw_path, articles.raw_offset nulls first, articles.segment
) = 1;
"""


def stories_sql(path: str) -> str:
    """Return the statement that makes the view `stories` over the dataset in the folder `path`."""
    return _SQL.format(path=path.rstrip("/").replace("'", "''"))
