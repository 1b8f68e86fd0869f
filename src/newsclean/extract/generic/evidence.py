"""What an element says of its content by its own name: tag, role, class and id.

Only words that mean the same on every site are read (`related`, `share`, `byline`, `caption`), and
each distinct name is decided once. A name is evidence, not proof: `walk` and `body` weigh it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from newsclean.model import RemovalKind

__all__ = ["NEUTRAL", "Evidence", "Role", "evidence_of"]


class Role(Enum):
    """What a named element holds, if it holds a piece of the story's own front matter."""

    TITLE = "title"
    STANDFIRST = "standfirst"
    BYLINE = "byline"
    DATE = "date"
    CAPTION = "caption"
    LABEL = "label"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One element's word: `noise` names the boilerplate it says it is, `role` the field it holds.

    `sure` is noise that no amount of text inside talks away (a `<footer>`, a comment form).
    """

    noise: str | None = None
    role: Role | None = None
    sure: bool = False


NEUTRAL = Evidence()

NOISE_KINDS = {
    "navigation": RemovalKind.NAVIGATION,
    "related": RemovalKind.RELATED,
    "share": RemovalKind.SHARE,
    "advert": RemovalKind.ADVERT,
    "newsletter": RemovalKind.NEWSLETTER,
    "comments": RemovalKind.OTHER,
    "author-box": RemovalKind.OTHER,
    "footer": RemovalKind.TEMPLATE,
    "widget": RemovalKind.TEMPLATE,
    "tags": RemovalKind.NAVIGATION,
    "media": RemovalKind.TEMPLATE,
}

# First match wins; `-` stands for any boundary of a word in a name.
_NOISE_WORDS = (
    (
        "comments",
        "comments? comment-list comment-form disqus respond replies kommentare? commentaires coral discussion-thread",
    ),
    (
        "newsletter",
        "newsletters? newsletter-[a-z]+ subscribe subscriptions? signup sign-up register donate donation cta mailchimp optin",
    ),
    (
        "advert",
        "ads? adv advert adverts advertisement advertising advertorial sponsor sponsors sponsored sponsoring banner banners dfp gpt werbung anzeige "
        "reklama reklam publicidad publicidade pubblicita publicite promo promos promotion promobox adsbygoogle adslot adbox adcontainer affiliate commercial adsense",
    ),
    (
        "related",
        "related relatedposts relacionad[ao]s recommend recommended recommendation recommendations recirc recirculation teaser teasers trending popular "
        "most-read mostread most-popular most-viewed readmore read-more see-also seealso read-also more-on more-from more-stories more-news read-next "
        "outbrain taboola jp-relatedposts you-may-like also-like may-also onward up-next next-up latest latest-news recent-posts recentposts linkbox "
        "link-box linklist weiterlesen mehr-zum-thema top-stories topstories similar crosslink cross-link carousel swiper slider owl-carousel slick "
        "post-navigation post-nav prev-next next-prev nav-links article-list news-list newslist crp prevnext",
    ),
    (
        "share",
        "share shares sharing sharebar sharethis social socials social-[a-z]+ addthis addtoany sharedaddy follow follow-us followus bookmark print-button "
        "share-buttons teilen compartir actions article-tools toolbar tools",
    ),
    (
        "author-box",
        "bio bios biography author-box authorbox about-author about-the-author author-bio author-info author-card author-description author-profile "
        "authors-box post-author vcard",
    ),
    (
        "navigation",
        "nav navi navs navbar navigation menu menus submenu megamenu breadcrumb breadcrumbs pagination pager paginator sitemap skip skip-link skiplink "
        "masthead topbar offcanvas drawer dropdown hamburger burger toc table-of-contents tableofcontents lwptoc ez-toc tabs subnav topnav site-header "
        "page-header-nav mainnav language-switcher lang-switcher search searchform search-form jump-links anchor-links",
    ),
    (
        "tags",
        "tags taglist tag-list tag-links tagcloud topics topic-list keywords schlagworte post-tags article-tags entry-tags categories cat-links post-categories",
    ),
    ("footer", "footer foot colophon site-footer page-footer copyright legal disclaimer site-info imprint impressum"),
    (
        "media",
        "video-player videoplayer jwplayer audio-player audioplayer podcast-player player lightbox lightbox-[a-z]+ "
        "video-js vjs twitter-tweet instagram-media tiktok-embed fb-post bluesky-embed embed-consent oembed embed-placeholder",
    ),
    (
        "widget",
        "sidebar aside side-bar rail right-rail left-rail cookie cookies consent gdpr modal modals popup popups popover overlay "
        "tooltip login log-in signin sign-in account feedback poll quiz rating ratings survey screen-reader-text sr-only visually-hidden visuallyhidden "
        "skeleton toast notice notification notifications weather ticker stock-ticker infobox info-box factbox calculator cart wishlist app-promo alert buttons btn button",
    ),
)
_ROLE_WORDS = (
    (
        Role.CAPTION,
        "captions? figcaption wp-caption-text wp-caption bildunterschrift bildtext legende image-credits? photo-credits? img-credits? picture-credits? image-text "
        "image-description picture-text photo-text credits? image-copyright bildnachweis photographer copyright-info image-source img-caption image-info",
    ),
    (
        Role.BYLINE,
        "byline bylines authors? author-names? autore?s? autoren writers? reporters? journalists? contributors? writtenby written-by post-author entry-author "
        "by-author signature redakteur verfasser muhabir yazar",
    ),
    (
        Role.DATE,
        "dates? datetime timestamp time times published pubdate publish-date published-date post-date updated last-updated modified datum fecha data-hora "
        "reading-time readtime read-time duration dateline tarih",
    ),
    (
        Role.STANDFIRST,
        "standfirst stand-first deks? deck chapeau chapo lede lead leads leadtext lead-text vorspann subtitle sub-title subtitles subheadline sub-headline subhead "
        "sub-heading subheading subheader abstract summary speakable-summary intro introtext intro-text introduction teaser-text excerpt perex ingress preamble manchet spot "
        "strapline tagline sommaire sottotitolo entradilla bajada copete resumen anriss headline-sub article-description article-summary",
    ),
    (
        Role.LABEL,
        "kicker eyebrow overline category rubrik topline label badge roofline dachzeile spitzmarke section-name section-title pretitle pre-title flag",
    ),
    (
        Role.BODY,
        "article-?body article-?content article-?text story-?body story-?content story-?text post-?content post-?body entry-?content content-?body body-?content body-?text "
        "richtext rich-text prose news-?content news-?text news-?body main-?content articletext page-content single-content text-body blog-content",
    ),
)
_SURE_TAGS = {
    "footer": "footer",
    "nav": "navigation",
    "form": "widget",
    "dialog": "widget",
    "menu": "navigation",
    "address": "author-box",
}
_UNSURE_TAGS = {
    "aside": "widget",
    "button": "widget",
    "select": "widget",
    "option": "widget",
    "textarea": "widget",
    "label": "widget",
    "fieldset": "widget",
}
_ARIA = {
    "navigation": "navigation",
    "banner": "navigation",
    "contentinfo": "footer",
    "complementary": "widget",
    "search": "navigation",
    "dialog": "widget",
    "alert": "widget",
    "menu": "navigation",
    "menubar": "navigation",
    "alertdialog": "widget",
    "button": "widget",
    "tablist": "navigation",
}
_TEXT_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "li"))
_FRAMES = frozenset(("html", "body", "main", "article"))
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_OPAQUE = re.compile(r"[:\[\]()/@&!%=.#]")
_SPLIT = re.compile(r"[^a-z0-9]+")
_HASHED = re.compile(
    r"(?<![a-z0-9])(?:\d+[a-z][a-z0-9]*|[a-z]+\d+[a-z][a-z0-9]*)|\d+"
)  # build tools' names say nothing
_MAX_NAME_CHARS = 400
_SLUG_HYPHENS = 4


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(f"-(?:{'|'.join(words.split())})-")


_NOISE = tuple((name, _pattern(words)) for name, words in _NOISE_WORDS)
_ROLES = tuple((role, _pattern(words)) for role, words in _ROLE_WORDS)


def _normal(names: str) -> str:
    parts = []
    for name in names[:_MAX_NAME_CHARS].split():
        if not _OPAQUE.search(name):
            parts.append("-" + _SPLIT.sub("-", _HASHED.sub("", _CAMEL.sub("-", name).lower())).strip("-") + "-")
    return " ".join(parts)


@lru_cache(maxsize=16384)
def evidence_of(tag: str, classes: str, identity: str, role: str) -> Evidence:
    """Return what the element's names say of it; `NEUTRAL` for the many that say nothing."""
    if tag in _FRAMES:
        return Evidence(role=Role.BODY) if tag == "article" else NEUTRAL
    sure = _SURE_TAGS.get(tag)
    if sure:
        return Evidence(noise=sure, sure=True)
    if tag in _TEXT_TAGS or identity.count("-") >= _SLUG_HYPHENS:
        identity = ""  # made from the text
    names = _normal(f"{classes} {identity}") if classes or identity else ""
    field = next((role for role, pattern in _ROLES if pattern.search(names)), None) if names else None
    noise = next((name for name, pattern in _NOISE if pattern.search(names)), None) if names else None
    noise = noise or _ARIA.get(role) or _UNSURE_TAGS.get(tag)
    if tag == "figcaption":
        field = Role.CAPTION
    elif tag == "time":
        field = Role.DATE
    elif field is Role.BODY:
        noise = None
    if noise is None and field is None:
        return NEUTRAL
    return Evidence(noise=noise, role=field, sure=noise == "comments" or tag == "aside")
