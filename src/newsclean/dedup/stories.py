"""How to read one row a story, in SQL: of its copies the first, of its versions the last."""

from __future__ import annotations

from typing import Final

__all__ = ["latest_sql", "stories_sql"]

# The moment at which a text stood: when it was fetched, else what it says itself.
_LATEST_ORDER: Final = """\
coalesce(fetched_at, modified_at, published_at) desc nulls last, modified_at desc nulls last,
        raw_path desc, raw_offset desc nulls last, segment desc"""

_LATEST: Final = """\
-- The latest text of each article. For DuckDB.
create or replace view latest as
select *
from read_parquet('{path}/articles/**/*.parquet')
qualify row_number() over (
    partition by article_id
    order by
        {order}
) = 1;

-- All texts of each article that was published with more than one, oldest first.
create or replace view revisions as
select *, row_number() over (partition by article_id order by seen_at nulls first, raw_path) as revision
from (
    select
        article_id, title, standfirst, body, body_sha256, word_count,
        min(coalesce(fetched_at, modified_at, published_at)) as seen_at,
        max(coalesce(fetched_at, modified_at, published_at)) as last_seen_at,
        min(raw_path) as raw_path
    from read_parquet('{path}/articles/**/*.parquet')
    group by all
)
qualify count(*) over (partition by article_id) > 1;
"""

_STORIES: Final = """\
-- One row a story: of the copies of a text the one that came first. For DuckDB.
-- Nothing is deleted; articles that came in after the last `newsclean dedup` are stories of their own.
create or replace view stories as
select articles.*
from read_parquet('{path}/articles/**/*.parquet') as articles
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
    return _STORIES.format(path=_quoted(path))


def latest_sql(path: str) -> str:
    """Return the statements that make the views `latest` and `revisions` over the dataset in the folder `path`."""
    return _LATEST.format(path=_quoted(path), order=_LATEST_ORDER)


def _quoted(path: str) -> str:
    return path.rstrip("/").replace("'", "''")
