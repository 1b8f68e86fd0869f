"""The site profile: the shape of `sites/<registered domain>.toml`, and nothing that runs.

Keys that the file format does not know are errors, see `profile_loading`. Patterns are Python
regular expressions; one with named groups fills the fields that the groups are named after.
"""

from __future__ import annotations

from msgspec import Struct, field

from newsclean.model import PageKind, Reason, RemovalKind

__all__ = [
    "FIELDS",
    "LIST_FIELDS",
    "DropRule",
    "FlatRules",
    "HeadLine",
    "HtmlRules",
    "Layout",
    "PageRule",
    "Profile",
    "RemoveRule",
    "Signature",
    "Source",
    "TailLine",
    "TextRules",
    "UrlRules",
]

LIST_FIELDS = frozenset({"authors", "captions", "topics", "persons", "places", "sections"})
FIELDS = LIST_FIELDS | {
    "title",
    "standfirst",
    "byline",
    "agency",
    "source",
    "section",
    "place",
    "published",
    "published_time",
    "modified",
    "modified_time",
    "canonical_url",
    "story_key",
}


class PageRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of page that is no article, and the reason to give: told by its URL or by its text.

    `at` (`meta:NAME`) searches that value of an HTML page instead of its source.
    """

    pattern: str
    reason: Reason
    at: str | None = None


class UrlRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a URL's path says. `article`: one of these matches every article (group `key`: the story's key).

    `date` finds the day of publication, with groups year, month and day.
    """

    article: tuple[str, ...] = ()
    not_article: tuple[PageRule, ...] = ()
    date: str | None = None


class Signature(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a page without a URL is known to be of this site: all patterns are found in it, `none` is not.

    They are searched in the lines of a text, or in the markup of a page where `kind` is "html".
    """

    all: tuple[str, ...]
    none: tuple[str, ...] = ()
    kind: PageKind = PageKind.TEXT


class Source(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where an HTML field comes from: `css:`, `xpath:`, `meta:` or `jsonld:` and what to look for.

    `css:SELECTOR@ATTRIBUTE` reads an attribute. `pattern` is searched in the value: its named
    groups fill their fields, else its first group, else the whole match, is the value.
    `take` = "all" reads every element that matches, "first" the first one.
    """

    at: str
    pattern: str | None = None
    take: str = "first"


class RemoveRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Elements inside or outside the body that are not body text."""

    css: str
    rule: str
    kind: RemovalKind = RemovalKind.OTHER


class DropRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line inside the body that is none of it: removed by `rule`, or moved to `field` or its named groups' fields."""

    line: str
    rule: str
    kind: RemovalKind = RemovalKind.OTHER
    field: str | None = None


class HtmlRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to read one layout's markup. `evidence`: selectors that must all find something.

    What has no class of its own is told by its text: `drop` are lines inside the body that are
    none of it, `beside` are lines outside of it that fill fields (or have a rule of their own).
    """

    evidence: tuple[str, ...]
    body: tuple[str, ...]
    fields: dict[str, tuple[Source | str, ...]] = field(default_factory=dict)
    remove: tuple[RemoveRule, ...] = ()
    drop: tuple[DropRule, ...] = ()
    beside: tuple[DropRule, ...] = ()


class HeadLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of what stands above the body, in its order.

    `line` must match the whole line, `unless` must not, `then` must match the next line that is not blank.
    `also` are further forms that it may have, tried in turn. `optional` lines may be missing, `most`
    may repeat up to that number. `after` names an earlier entry by its `rule` or `field`: without
    that one there is none of this. What matches goes to `field`, to the named groups' fields, or is
    removed by `rule`.
    """

    line: str = r".+"
    also: tuple[str, ...] = ()
    unless: str | None = None
    then: str | None = None
    field: str | None = None
    rule: str | None = None
    kind: RemovalKind = RemovalKind.NAVIGATION
    optional: bool = False
    most: int = 1
    after: str | None = None


class TailLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line with which the body ends, and a zone begins that lasts to the next such line.

    The zone's lines go to `field` one by one, or are removed by `rule`. `echo` stands in for
    `line`: the line repeats what this field already holds. A `line` with named groups carries its
    fields itself, and the zone below it is removed by `rule`. `separator` parts a line into values,
    `value` is the pattern of one value where several are run together, and what matches `unless`
    is none. `entry_end` makes the zone a list: each entry is up to two lines and then one that
    matches it; after the last entry the body goes on. `reach` is what the zone's lines straight above
    this one look like, at most `reach_most` of them. A line that matches `resume` is body again,
    unless a zone without `resume` has begun.
    """

    rule: str
    line: str | None = None
    echo: str | None = None
    field: str | None = None
    kind: RemovalKind = RemovalKind.NAVIGATION
    separator: str | None = None
    value: str | None = None
    unless: str | None = None
    entry_end: str | None = None
    reach: str | None = None
    reach_most: int = 4
    resume: str | None = None


class FlatRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Dumps that have lost their line ends: a line in which `line` is found is cut at these `seams` too."""

    line: str
    seams: tuple[str, ...]


class TextRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to read one layout as a text dump. `evidence`: patterns that must all be found in the text.

    `seams` are patterns at which a line is cut: around each unnamed group of the match that took
    part, or, where there are none, at the end of the match (lookarounds: between two characters).
    `wrapped`: lines are wrapped as on a typewriter, and a paragraph is told by its indent.
    `before` are lines above the head that fill fields (or have a rule of their own).
    """

    head: tuple[HeadLine, ...]
    tail: tuple[TailLine, ...] = ()
    drop: tuple[DropRule, ...] = ()
    before: tuple[DropRule, ...] = ()
    evidence: tuple[str, ...] = ()
    seams: tuple[str, ...] = ()
    flat: FlatRules | None = None
    wrapped: bool = False


class Layout(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One era or form of a site's pages; `transforms` name steps that run on what was read, in order.

    `language` is the one that the layout's own words are in. A layout with a `reason` is a kind of
    page that is no article: what fits it is rejected.
    """

    name: str
    language: str | None = None
    reason: Reason | None = None
    html: HtmlRules | None = None
    text: TextRules | None = None
    transforms: tuple[str, ...] = ()


class Profile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that is known of one site.

    `timezone` is where its clock hangs. `agencies` are the wire services that it credits, as printed,
    and the names that they go by in the dataset (empty: no service by name, `Agencies`): a source
    line or a dateline naming one of them fills `agency`. `agency` is the service that the site
    itself is: that of every article which credits no other. `dateline` are patterns tried in turn
    at the start of the body, with groups place, month, day, agency and authors. `credit` are patterns
    tried in turn in a caption, with group credit.
    `words` are lists of patterns that all others may name: `{towns}` stands for any of `towns`.
    `bodiless` allows articles of which only title and standfirst exist. `extractor` names a
    subclass of `SiteExtractor` as `package.module:Class`.
    """

    publisher: str
    layout: tuple[Layout, ...]
    hosts: tuple[str, ...] = ()
    language: str | None = None
    languages: dict[str, str] = field(default_factory=dict)
    timezone: str | None = None
    agencies: dict[str, str] = field(default_factory=dict)
    agency: str | None = None
    dateline: tuple[str, ...] = ()
    credit: tuple[str, ...] = ()
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    bodiless: bool = False
    year_from_fetch: bool = True
    urls: UrlRules = field(default_factory=UrlRules)
    signature: tuple[Signature, ...] = ()
    reject: tuple[PageRule, ...] = ()
    extractor: str | None = None
