"""What part of a site's pages ends how: rejections, empty fields, languages, fallback, each against its usual share."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from newsclean.dataset.counts.measures import FIELDS, LayoutMeasures, SiteMeasures
from newsclean.schedule.alarms.limits import Share, most_share
from newsclean.schedule.alarms.subject import alarm, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsclean.schedule.alarms.limits import ShareLimit
    from newsclean.schedule.alarms.subject import Subject
    from newsclean.schedule.records import Alarm

__all__ = ["fallback", "field_fall", "language_mix", "rejections"]

_CAUSES: Final = {
    "error_page": "a cookie wall, a login, a check for robots or an error page comes in place of articles",
    "http_status": "the server refuses or fails",
    "no_body": "the layout of the site may have changed, or a script writes its pages now",
    "not_an_article": "the layout of the site may have changed, or the spider follows other links",
    "listing": "the spider follows links to lists, or the layout of the site may have changed",
    "copyright_only": "the pages came without their text",
    "empty": "the pages came without content",
    "undecodable": "the pages come in another character set than they say",
    "broken_archive": "the archive is damaged",
    "timeout": "its pages take too long to clean",
    "memory": "its pages take too much memory to clean",
    "crash": "its pages crash the cleaning",
}
# Where pages of lists are asked for, they are all there is of a run without news.
_OF_LISTS: Final = frozenset({"listing", "forum", "gallery", "video", "product"})
_LIST_FACTOR: Final = 2
_LIST_MORE: Final = 5
_SHOWN_FIELDS: Final = 4
_FEW: Final = 20


def rejections(subject: Subject) -> Iterator[Alarm]:
    """Yield an alarm for each site of whose pages far more than usual are rejected for one reason."""
    for name, site in subject.sites():
        if not subject.is_known(name):
            continue
        for reason in sorted(site.reasons):
            limit = _risen(subject, name, site, partial(_rejected, reason=reason))
            if limit is None or (reason in _OF_LISTS and not _are_more(subject, name, site, reason)):
                continue
            now = _rejected(site, reason)
            cause = _CAUSES.get(reason, "see the column `detail` of `pages`")
            sentence = (
                f"{name}: {now.part:,} of {now.whole:,} pages were rejected as {reason} ({percent(now.value)}, "
                f"usually {percent(limit.usual)}): {cause}"
            )
            yield alarm(
                "rejections",
                sentence,
                site=name,
                value=now.value,
                high=limit.most,
                samples=subject.samples("reason", name, reason),
            )


def fallback(subject: Subject) -> Iterator[Alarm]:
    """Yield an alarm for each site with a profile, far more of whose articles than usual fit none of its layouts."""
    for name, site in subject.sites():
        limit = _risen(subject, name, site, _fallen_back) if subject.is_known(name) else None
        if limit is not None:
            usual = _usual_layout(subject, name)
            sentence = (
                f"{name}: {site.fallback:,} of {site.articles:,} articles fit no layout of its profile "
                f"({percent(_fallen_back(site).value)}, usually {percent(limit.usual)}; most were {usual}): "
                "the layout of the site has changed, and the profile needs one more"
            )
            yield alarm(
                "fallback",
                sentence,
                site=name,
                layout=usual,
                value=_fallen_back(site).value,
                high=limit.most,
                samples=subject.samples("fallback", name),
            )


def field_fall(subject: Subject) -> Iterator[Alarm]:
    """Yield an alarm for each layout of a site, else for the site, in which fields are empty that usually are not."""
    for name, site in subject.sites():
        if not subject.is_known(name):
            continue
        found = [one for layout in sorted(site.layouts) for one in _falls(subject, name, site, layout)]
        yield from found or _falls(subject, name, site, "")


def language_mix(subject: Subject) -> Iterator[Alarm]:
    """Yield an alarm for each site that has far more articles in one language than usual."""
    for name, site in subject.sites():
        if not subject.is_known(name):
            continue
        for language in sorted(site.whole.languages):
            limit = _risen(subject, name, site, partial(_in_language, language=language))
            if limit is None:
                continue
            now = _in_language(site, language)
            what = "in no language that can be told" if language == "und" else f"in {language}"
            sentence = (
                f"{name}: {now.part:,} of {now.whole:,} articles are {what} ({percent(now.value)}, "
                f"usually {percent(limit.usual)}): another edition of the site is crawled, or text "
                "of its frame is taken for the body"
            )
            samples = subject.samples("language", name, language)
            yield alarm("language_mix", sentence, site=name, value=now.value, high=limit.most, samples=samples)


def _falls(subject: Subject, name: str, site: SiteMeasures, layout: str) -> Iterator[Alarm]:
    fallen: list[tuple[str, Share, ShareLimit]] = []
    for field in FIELDS:
        limit = _risen(subject, name, site, partial(_missing, layout=layout, field=field))
        if limit is not None:
            fallen.append((field, _missing(site, layout, field), limit))
    if not fallen:
        return
    fallen.sort(key=lambda one: one[2].usual - one[1].value)
    told = ", ".join(
        f"{_called(field)} in {now.whole - now.part:,} of {now.whole:,} (usually {percent(1 - limit.usual)})"
        for field, now, limit in fallen[:_SHOWN_FIELDS]
    )
    more = f" and {len(fallen) - _SHOWN_FIELDS} more" if len(fallen) > _SHOWN_FIELDS else ""
    field, now, limit = fallen[0]
    yield alarm(
        "field_fall",
        f"{name}{f', layout {layout}' if layout else ''}: fields have run empty: {told}{more}: "
        "the markup around them has changed",
        site=name,
        layout=layout,
        value=1 - now.value,
        low=1 - limit.most,
        samples=subject.samples("missing", name, field),
    )


def _called(field: str) -> str:
    return "a confident extraction" if field == "confident" else field


def _risen(
    subject: Subject, name: str, site: SiteMeasures, share: Callable[[SiteMeasures], Share]
) -> ShareLimit | None:
    now = share(site)
    if not now.part:
        return None
    past = [share(run.sites[name]) for run in subject.history.normal(name) if name in run.sites]
    past = [one for one in past if one.whole]
    limit = most_share(now, past) if len(past) >= subject.min_runs else None
    # A run of a few articles proves little: with the last ones it may prove more.
    while limit is None and now.whole < _FEW and len(past) > subject.min_runs:
        now += past.pop()
        limit = most_share(now, past)
    return limit


def _rejected(site: SiteMeasures, reason: str) -> Share:
    lists = sum(count for other, count in site.reasons.items() if other in _OF_LISTS and other != reason)
    return Share(site.reasons.get(reason, 0), site.pages - lists)


def _are_more(subject: Subject, name: str, site: SiteMeasures, reason: str) -> bool:
    past = [run.sites[name].reasons.get(reason, 0) for run in subject.history.normal(name) if name in run.sites]
    return site.reasons[reason] > _LIST_FACTOR * max(past, default=0) + _LIST_MORE


def _fallen_back(site: SiteMeasures) -> Share:
    return Share(site.fallback, site.articles)


def _missing(site: SiteMeasures, layout: str, field: str) -> Share:
    one = site.whole if not layout else site.layouts.get(layout, LayoutMeasures())
    return Share(one.articles - one.filled.get(field, 0), one.articles)


def _in_language(site: SiteMeasures, language: str) -> Share:
    whole = site.whole
    return Share(whole.languages.get(language, 0), whole.articles)


def _usual_layout(subject: Subject, name: str) -> str:
    total: dict[str, int] = {}
    for run in subject.history.normal(name):
        for layout, measures in run.sites[name].layouts.items() if name in run.sites else ():
            total[layout] = total.get(layout, 0) + measures.articles
    return max(sorted(total), key=lambda layout: total[layout], default="")
