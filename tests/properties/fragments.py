"""Pages made of the pieces that real pages are made of: tags, chrome, labels, lines of dumps."""

from __future__ import annotations

from hypothesis import strategies as st

_WORDS = (
    "the river rose again on Monday night and reached the old bridge; nobody was hurt, officials said. "
    "Вода поднялась ночью . 市长 说 水位 下降 Share Photo News 12 2021 <…> “quoted” it’s a\u00a0b * * * — :"
).split(" ")
WORDS = st.sampled_from(_WORDS)
SENTENCES = st.lists(WORDS, min_size=1, max_size=30).map(" ".join)
LABELS = st.sampled_from(
    [
        "Events",
        "See also",
        "Geography",
        "Topics",
        "Persons",
        "Publication status",
        "Published in section: News",
        "Publication date: March 4, 2021, 13:20",
        "Text version",
        "Text versionEvents",
        "View settings",
        "Official website of the President of Russia",
        "Документ   /",
        "March 3, 2021",
        "March 3, 2021, Arkhangelsk",
        "13:20",
        "1 of 3",
        "All news",
        "Share",
        "1 pages in this article",
        "{{item.group_date}}",
        "More news",
        "May 14, 11:05 UTC+3 MURMANSK",
        "MURMANSK, May 14. /TASS/. The vessel left.",
        "xi's moments",
        "Home | Culture",
        "Xinhua | Updated: 2021-04-12 09:30",
        "Children read. [Photo/Xinhua]",
        "Global Edition",
        "BACK TO THE TOP",
        "Copyright 1995 - . All rights reserved.",
        "Registration Number: 130349",
        "События",
        "4 марта 2021 года",
        "Текстовая версия",
        "Статус материала",
        "Опубликован в разделе: Новости",
        "Subscribe to our newsletter",
        "Read more",
        "By Jane Doe",
    ]
)
LINES = st.one_of(SENTENCES, LABELS, st.just(""), st.text(max_size=40))
PARAGRAPHS = st.lists(WORDS, min_size=15, max_size=60).map(lambda words: f"The {' '.join(words)}.")
# What stands above and below the body in the sites' own forms; None is a title or a standfirst.
_FRAMES: tuple[tuple[tuple[str | None, ...], tuple[str, ...]], ...] = (
    (("Events", None, None, "March 3, 2021", "13:20", "Arkhangelsk"), ("See also", "Topics", "Arctic")),
    (("Events", None, "March 3, 2021", "13:20", "1 of 3", "At the pier."), ("Publication status", "Text version")),
    (
        ("View settings", "Official website of the President of Russia", "Документ   /", None, "March 3, 2021"),
        ("March 3, 2021",),
    ),
    (("События", None, None, "4 марта 2021 года", "13:20", "Москва"), ("Темы", "Арктика", "Текстовая версия")),
    (("All news", None, None, "MURMANSK, May 14. /TASS/. The vessel left on Monday."), ("Read also", "Tags")),
    (
        ("Sport", "More news", None, "May 14, 11:05 UTC+3 MURMANSK", None, "Share", "1 pages in this article"),
        ("{{item.group_date}}", "Show more", "Share"),
    ),
    (("xi's moments", "Home | Culture", None, "Xinhua | Updated: 2021-04-12 09:30"), ("Global Edition",)),
    (("Home", "World", "Sport", None, "By Jane Doe", "12 May 2021"), ("Share", "Related", "Subscribe", "Contact")),
)


@st.composite
def _framed_dump(draw: st.DrawFn) -> str:
    """A dump in a known form, with stray lines between the parts now and then, and often a second article."""
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 2))):
        head, tail = draw(st.sampled_from(_FRAMES))
        lines += draw(st.lists(LABELS, max_size=3))
        lines += [draw(SENTENCES) if line is None else line for line in head]
        lines += draw(st.lists(st.one_of(PARAGRAPHS, PARAGRAPHS, LINES), min_size=0, max_size=8))
        lines += tail
    return draw(st.sampled_from(["\n", "\n\n", "\r\n"])).join(lines)


DUMPS = st.one_of(_framed_dump(), st.lists(LINES, min_size=1, max_size=60).map("\n".join))

_BLOCK_TAGS = st.sampled_from(
    "p div h1 h2 h3 li ul blockquote section article aside header footer nav figure figcaption td pre main".split()
)
_INLINE_TAGS = st.sampled_from("a b em span strong i time small".split())
_CLASSES = st.sampled_from(
    [
        "",
        "entry-title",
        "read__in",
        "read__lead",
        "read__internal_content",
        "masha-ignore",
        "hidden",
        "news-header",
        "news-header__title",
        "text-block",
        "lft_art",
        "share",
        "related",
        "byline",
        "caption",
        "footer",
        "article-body",
    ]
)
_ODD = st.sampled_from(
    [
        "<!-- note -->",
        "<script>var a = 1 < 2;</script>",
        "<style>p{}</style>",
        "<br>",
        "<br><br>",
        "<hr>",
        "<img alt='x'>",
        "&lt;…&gt;",
        "&nbsp;",
    ]
)


def _element(tag: str, name: str, inside: list[str]) -> str:
    return f'<{tag} class="{name}">{"".join(inside)}</{tag}>' if name else f"<{tag}>{''.join(inside)}</{tag}>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\x00", "")


_LEAVES = st.one_of(SENTENCES.map(_escaped), PARAGRAPHS.map(_escaped), LABELS.map(_escaped), _ODD)
_NODES = st.recursive(
    _LEAVES,
    lambda inner: st.builds(_element, st.one_of(_BLOCK_TAGS, _INLINE_TAGS), _CLASSES, st.lists(inner, max_size=5)),
    max_leaves=40,
)


def _document(title: str, nodes: list[str], event: bool) -> str:  # noqa: FBT001
    body = "".join(nodes)
    if event:
        body = (
            f'<article class="read__in" id="event-1"><h1 class="entry-title">{_escaped(title)}</h1>'
            f'<div class="read__internal_content">{body}</div></article>{body}'
        )
    return f"<!doctype html><html lang='en'><head><title>{_escaped(title)}</title></head><body>{body}</body></html>"


DOCUMENTS = st.builds(_document, SENTENCES, st.lists(_NODES, min_size=1, max_size=8), st.booleans())
URLS = st.sampled_from(
    [
        None,
        "http://en.kremlin.ru/events/president/news/990001",
        "https://tass.com/science/9900001",
        "https://tass.ru/obschestvo/9900002",
        "https://www.chinadaily.com.cn/a/202104/13/WS60750000a31024ad0bab0001.html",
        "https://news.example.org/2021/03/03/river",
    ]
)
