"""The pages for people, looked at as people do: in a browser, on a desk and on a phone, with a printer."""

from __future__ import annotations

import json

import pytest

SENTENCE = "The council of the river town has decided to build a second bridge before the winter sets in. "
HOSTILE_TITLE = "<script>document.title='owned'</script>\u202egnorw\u2066 & \"quotes\" <img src=x onerror=alert(1)>"
# Words of the chart that go beyond its edge.
CUT_LABELS = """() => {
    const chart = document.querySelector("#flow-chart svg"), edge = chart.getBoundingClientRect().right;
    return [...chart.querySelectorAll("text")].filter((one) => one.getBoundingClientRect().right > edge + 1)
        .map((one) => one.textContent);
}"""


def _page(title, body, *, more=""):
    escaped = title.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f"<html lang=en><head><title>{escaped}</title>{more}</head><body><nav><a href=/>Home</a> <a href=/a>About</a>"
        f"</nav><article><h1>{escaped}</h1>{body}</article><footer>All rights reserved.</footer></body></html>"
    )


@pytest.fixture
def hostile(tmp_path, newsclean):
    """A dataset whose titles and bodies try to be more than text."""
    raw = tmp_path / "raw"
    raw.mkdir()
    script = "&lt;script&gt;document.title='owned'&lt;/script&gt;"
    paragraphs = "".join(f"<p>{SENTENCE * 4} {script} {n}</p>" for n in range(4))
    closing = f"<p>&lt;/bdi&gt;&lt;/div&gt;&lt;/script&gt; {SENTENCE}</p>"
    (raw / "hostile.html").write_text(_page(HOSTILE_TITLE, paragraphs))
    (raw / "word.html").write_text(_page("A word without an end", paragraphs + f"<p>{'w' * 1_000_000} end.</p>"))
    (raw / "close.html").write_text(_page("Closing", paragraphs + closing))
    (raw / "empty.html").write_text("<html><body></body></html>")
    names = ("hostile", "word", "close")
    rows = [{"file": f"{name}.html", "url": f"https://news.example.org/2026/11/{name}.html"} for name in names]
    (raw / "manifest.jsonl").write_text("\n".join(map(json.dumps, rows)))
    newsclean("clean", "raw", "-o", "clean", "-q", "--workers", "0", cwd=tmp_path)
    return tmp_path


def test_a_run_leaves_its_report(hostile, look):
    """Each run is shown on a page beside the dataset, and the page works."""
    (report,) = (hostile / "clean" / "_newsclean" / "reports").glob("*.html")
    with look() as looked:
        looked.open(report)
        assert looked.is_clean()
        assert looked.page.locator(".card b").first.inner_text() == "4"


def test_hostile_text_stays_text(hostile, look, newsclean):
    """Scripts, tags, turned writing and words of a million letters in titles and bodies are shown, and do nothing."""
    newsclean("report", "clean", "-o", "report.html", cwd=hostile)
    newsclean("audit", "clean", "-o", "audit.html", cwd=hostile)
    newsclean("explain", "raw/hostile.html", "--html", "hostile.html", cwd=hostile)
    newsclean("explain", "https://news.example.org/2026/11/word.html", "--html", "word.html", cwd=hostile)
    with look(width=390) as looked:
        for name in ("report.html", "audit.html", "hostile.html", "word.html"):
            looked.open(hostile / name)
            assert looked.is_clean(), name
            assert looked.page.title() != "owned"
            assert looked.page.locator("img").count() == 0
    assert "\u202e" not in (hostile / "hostile.html").read_text(encoding="utf-8")


def test_report_links_lead_to_pages_and_filters_filter(hostile, look, newsclean):
    """The least sure articles are a click away, the site and rule filters do what they say, places are linked."""
    newsclean("report", "clean", "-o", "report.html", cwd=hostile)
    with look() as looked:
        page = looked.open(hostile / "report.html").page
        assert page.evaluate(CUT_LABELS) == []
        every = page.locator("#rules tbody tr").count()
        page.fill("#rule-filter", "no such rule")
        assert page.locator("#rules tbody tr:visible").count() == 0
        page.fill("#rule-filter", "")
        assert page.locator("#rules tbody tr:visible").count() == every > 0
        page.select_option("#site", "example.org")
        assert page.locator("#fill tbody tr:visible").count() == 2
        assert page.locator("#flow-chart svg path").count() > 0
        page.locator("#doubtful ~ .scroll a, #doubtful + .scroll a").first.click()
        page.wait_for_load_state()
        page.locator("dl.fields a.from").first.click()
        assert page.evaluate("document.querySelector(':target').classList.contains('piece')")
        assert looked.is_clean()


def test_verdicts_become_golden_cases(hostile, look, newsclean):
    """A page judged and mended in the sheet is a golden case after the import, and the case says what was typed."""
    newsclean("audit", "clean", "--by", "site", "-o", "audit.html", cwd=hostile)
    with look() as looked:
        page = looked.open(hostile / "audit.html").page
        for section in page.locator("section.review").all():
            name = section.locator(".path").first.inner_text()
            section.locator("details.mend summary").click()
            if "close.html" in name:
                section.locator("textarea[data-field=title]").fill("Closed for good")
            elif "word.html" in name:
                section.locator("input[value=no_article]").check()
            else:
                section.locator("input[value=right]").check()
        with page.expect_download() as download:
            page.click("#save")
        download.value.save_as(hostile / "verdicts.json")
        assert looked.is_clean()
    printed = newsclean("audit", "import", "verdicts.json", "--to", "cases", cwd=hostile)
    assert len(printed.splitlines()) == 3
    cases = {
        json.loads((p / "expected.json").read_text())["articles"][0]["title"] if "word" not in p.name else "word"
        for p in (hostile / "cases" / "example.org").iterdir()
    }
    assert "Closed for good" in cases
    assert any(json.loads(p.read_text()).get("rejection") for p in hostile.rglob("expected.json"))


@pytest.mark.slow
def test_real_pages_on_one_page(shared, tmp_path, look, newsclean):
    """The report and the audit view of real datasets work on a desk, on a phone, in the dark and on paper."""
    names = ("publishers", "dumps/kremlin_article")
    folders = [shared / "pages" / name for name in names]
    newsclean("clean", *folders, "-o", tmp_path / "clean", "-q")
    newsclean("report", tmp_path / "clean", "-o", tmp_path / "report.html", "--pages", "6")
    newsclean("audit", tmp_path / "clean", "--sample", "8", "--by", "rule", "-o", tmp_path / "audit.html")
    assert (tmp_path / "report.html").stat().st_size < 2_000_000
    pages = [f"report-pages/{path.name}" for path in (tmp_path / "report-pages").iterdir()]
    shown = ["report.html", "audit.html", *pages]
    assert len(shown) == 8
    for width, dark in ((1280, False), (390, True)):
        with look(width=width, dark=dark) as looked:
            for name in shown:
                looked.open(tmp_path / name)
                assert looked.is_clean(), name
                shot = tmp_path / f"{name.replace('/', '-')}-{width}.png"
                looked.page.screenshot(path=shot, full_page=name == "report.html")
            assert looked.open(tmp_path / "report.html").page.evaluate(CUT_LABELS) == []
            looked.page.pdf(path=tmp_path / "report.pdf")
            assert (tmp_path / "report.pdf").stat().st_size > 20_000
