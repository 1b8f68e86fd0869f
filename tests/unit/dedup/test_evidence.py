"""Which came first, and which wire service is named."""

from __future__ import annotations

import datetime as dt

import pytest

from newsclean.dedup.agencies import agency_evidence
from newsclean.dedup.earliest import out_by

DAY = dt.datetime(2024, 5, 6, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
LONG = "Nobody on the island had expected the old ship to be back. " * 10


def moments(**given):
    return {"published_at": None, "published_precision": None, "modified_at": None, "fetched_at": None} | given


def test_a_date_without_a_time_counts_as_its_end():
    """A copy with a time of that day is taken to be earlier."""
    dated = out_by(moments(published_at=DAY, published_precision="day"))
    timed = out_by(moments(published_at=DAY + 23 * HOUR, published_precision="minute"))
    assert timed < dated < out_by(moments(published_at=DAY + 25 * HOUR, published_precision="second"))


def test_without_a_date_the_change_or_the_fetching_counts():
    """Either is a moment at which the text was out; without any there is none."""
    assert out_by(moments(modified_at=DAY, fetched_at=DAY + HOUR)) == out_by(moments(fetched_at=DAY))
    assert out_by(moments(fetched_at=dt.datetime(1605, 1, 1, tzinfo=dt.UTC))) < 0
    assert out_by(moments()) is None


def article(**given):
    return {"agency": None, "dateline": None, "byline": None, "body": LONG} | given


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (article(agency="TASS"), ("TASS", "agency: TASS")),
        (article(agency="Lowmark News Service"), ("Lowmark News Service", "agency: Lowmark News Service")),
        (article(dateline={"text": "LOWMARK, May 6. /ITAR-TASS/."}), ("TASS", "dateline: LOWMARK, May 6. /ITAR-TASS")),
        (article(byline="By Ann Other, Associated Press"), ("AP", "byline: By Ann Other, Associated Press")),
        (article(body="LOWMARK (Reuters) - The ferry is back. " + LONG), ("Reuters", "body: LOWMARK (Reuters)")),
        (article(body="LOWMARK, AP - The ferry is back. " + LONG), ("AP", "body: LOWMARK, AP -")),
        (article(body=LONG + "(dpa)"), ("dpa", None)),
        (article(body="新华社" + LONG), None),
        (article(body="渡轮（新华社）回来了" + LONG), None),
        (article(byline="Ap Other"), None),
        (article(body="They met Reuters people on the pier. " + LONG), None),
        (article(), None),
    ],
)
def test_a_wire_service_is_found_where_a_credit_stands(row, found):
    """In its column, the dateline, the byline, or between signs at either end of the body; nowhere else."""
    evidence = agency_evidence(row)
    if found is None:
        assert evidence is None
    else:
        assert evidence[0] == found[0]
        assert found[1] is None or evidence[1] == found[1]
