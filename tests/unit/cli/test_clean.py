"""`newsclean clean`: what it prints where, and with which code it ends."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time

from newsclean.cli.exit_codes import ExitCode
from newsclean.cli.progress import _left, _line


def test_the_summary_says_what_was_done_by_site_and_by_reason(clean):
    """Counts, sites, reasons, and what the dataset holds."""
    result = clean()
    assert result.exit_code == 0
    assert "4 pages: 3 articles, 1 rejected, in " in result.stdout
    assert "lowmark.test         3         3         0" in result.stdout
    assert "       1 empty" in result.stdout
    assert "clean holds 3 articles of 4 pages" in result.stdout


def test_a_second_run_says_that_there_is_nothing_to_do(clean):
    """Nothing to do is said in a line, and is success."""
    clean()
    result = clean()
    assert (result.exit_code, result.stdout) == (
        0,
        "nothing to do: 4 files, all clean already; clean holds 3 articles of 4 pages\n",
    )


def test_a_run_from_a_shell_does_without_pandas(folder):
    """Arrow loads it, where it is installed, for the page that a run leaves: longer than the rest of the page takes."""
    code = (
        "import sys\nfrom newsclean.cli.main import main\n"
        "sys.argv = ['newsclean', 'clean', 'raw', '-o', 'clean', '--workers', '1', '-q']\n"
        "try:\n    main()\nexcept SystemExit as end:\n"
        "    print(end.code, 'pyarrow.acero' in sys.modules, 'pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout == "0 True False\n"


def test_an_empty_folder_is_named_with_what_to_do(newsclean, folder):
    """A folder without pages is no error, as one that a scheduler looks into may be; the line names it."""
    (folder / "empty").mkdir()
    result = newsclean("clean", "empty", "-o", "clean")
    told = (
        "nothing to do: no pages found in empty: put HTML pages, text dumps or archives there, or name where they lie"
    )
    assert (result.exit_code, result.stdout) == (0, f"{told}\n")
    (folder / "empty" / "picture.png").write_bytes(b"1")
    assert (
        "no pages found in empty, only 1 other file: put"
        in newsclean("clean", "empty", "-o", "out", "--dry-run").stdout
    )


def test_a_named_file_of_another_trade_is_told(newsclean, folder):
    """Settings and pictures named for pages are rejected, and a line says which forms are read."""
    (folder / "notes.toml").write_text('[notes]\ntitle = "The ferry is back"\n')
    (folder / "pier.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\r")
    result = newsclean("clean", "notes.toml", "pier.png", "-o", "out", "--workers", 0, "--no-report")
    assert result.exit_code == ExitCode.TROUBLE
    assert "1 media_type" in result.stdout
    first, second = sorted(result.stderr.splitlines()[-2:])
    assert first.startswith("notes.toml: media_type: .toml is no page by its name")
    assert all(form in first for form in (".html", ".txt", ".warc"))
    assert second == "pier.png: binary: this is a picture (PNG)"


def test_a_named_file_is_cleaned_for_what_is_in_it(newsclean, folder):
    """HTML under any name is a page, and so are running text in Markdown and what a manifest calls a text."""
    (folder / "page.json").write_bytes((folder / "raw" / "0.html").read_bytes())
    told = "The harbour master of Lowmark said that the ferry would sail again this week.\n\n"
    text = f"The ferry is back\n\n{told * 3}"
    (folder / "page.md").write_text(text)
    (folder / "page.log").write_text(text)
    (folder / "manifest.jsonl").write_text('{"file": "page.log", "media_type": "text/plain"}')
    result = newsclean("clean", "page.json", "page.md", "page.log", "-o", "out", "--workers", 0, "--no-report")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "3 pages: 3 articles" in result.stdout


def test_json_is_one_object_and_nothing_else(clean):
    """Standard output holds the report, so that a machine can read it."""
    report = json.loads(clean("--json").stdout)
    assert (report["state"], report["pages"], report["articles"], report["rejections"]) == ("done", 4, 3, 1)
    assert report["by_site"]["lowmark.test"] == {"pages": 3, "articles": 3, "rejections": 0}
    assert json.loads(clean("--json").stdout)["state"] == "nothing_to_do"


def test_rows_kept_back_are_told_with_a_command_that_shows_them(clean, newsclean):
    """The command is printed as it has to be typed."""
    told = clean("--hold", "mine").stdout.splitlines()
    (line,) = [line for line in told if line.startswith("kept back in batch mine: ")]
    shown = newsclean(*line.partition(": ")[2].removeprefix("newsclean ").split())
    assert shown.exit_code == 0
    assert "3 articles of 4 pages" in shown.stdout


def test_articles_that_never_changed_are_told(clean, newsclean):
    """A history without changes says so."""
    clean()
    assert newsclean("history", "clean").stdout == "clean: no article has had more than one text\n"
    assert newsclean("history", "clean", "--json").stdout == ""


def test_quiet_prints_nothing(clean):
    """With -q a good run is silent."""
    result = clean("-q")
    assert (result.exit_code, result.output) == (0, "")


def test_a_dry_run_writes_nothing(clean, folder):
    """--dry-run counts what would be done."""
    result = clean("--dry-run")
    assert "would clean 4 of 4 files" in result.stdout
    assert "4 new" in result.stdout
    assert not (folder / "clean").exists()


def test_bad_manifest_rows_are_told_and_the_run_goes_on(clean, folder):
    """A row that cannot be used names its file and line, also with -q; the pages are cleaned all the same."""
    with (folder / "raw" / "manifest.jsonl").open("a") as manifest:
        manifest.write("\n{no json")
    result = clean("-q")
    assert result.exit_code == 0
    assert "manifest.jsonl:4:" in result.stderr
    assert result.stdout == ""


def test_pages_in_trouble_end_with_1(clean, folder, monkeypatch):
    """A page that crashed is named with place, and the exit code says that somebody should look."""
    monkeypatch.setattr("newsclean.run.guarded.clean_page", lambda *_: 1 // 0)
    result = clean()
    assert result.exit_code == ExitCode.TROUBLE
    assert "raw/0.html: crash: ZeroDivisionError" in result.stderr


def test_a_table_as_csv_is_told_how_it_is_read(newsclean, folder):
    """A CSV file has HTML in it and is no page; a page that somebody gave this suffix is one."""
    command = ("clean", "pages.csv", "-o", "clean", "--workers", 0, "--language-backend", "langdetect")
    page = (folder / "raw" / "0.html").read_text()
    (folder / "pages.csv").write_text('url,html\nhttps://lowmark.test/7,"' + page.replace('"', '""') + '"\n')
    result = newsclean(*command)
    assert result.exit_code == ExitCode.TROUBLE
    assert "pages.csv: media_type: .csv is a table" in result.stderr
    assert "'pages.parquet'" in result.stderr
    (folder / "pages.csv").write_text(page)
    assert newsclean(*command).exit_code == 0


def test_reports_of_other_datasets_are_no_pages(newsclean, clean, folder):
    """Who cleans a whole project gets the pages, and not what newsclean wrote about them."""
    assert clean().exit_code == 0
    assert list((folder / "clean" / "_newsclean" / "reports").glob("*.html"))
    result = newsclean("clean", ".", "-o", "other", "--workers", 0, "--language-backend", "langdetect", "--json")
    assert json.loads(result.stdout)["files"] == 4


def test_a_page_that_is_too_large_is_named_with_the_way_out(newsclean, folder):
    """Somebody should look at a page that was left out for its size."""
    command = ("clean", "raw/0.html", "-o", "clean", "--workers", 0, "--language-backend", "langdetect")
    result = newsclean(*command, "--max-page-bytes", 100)
    assert result.exit_code == ExitCode.TROUBLE
    assert "raw/0.html: too_large: " in result.stderr
    assert "raise --max-page-bytes" in result.stderr
    assert newsclean(*command).exit_code == 0


def test_an_address_is_no_path(newsclean, folder):
    """Who names a web page is told how to get it; --address is for a cluster."""
    result = newsclean("clean", "https://lowmark.test/0", "-o", "clean")
    assert (result.exit_code, "newsclean crawl" in result.stderr) == (ExitCode.USAGE, True)
    result = newsclean("clean", "raw", "-o", "clean", "--address", "somewhere")
    assert (result.exit_code, "--runner ray" in result.stderr) == (ExitCode.USAGE, True)
    assert newsclean("clean", "raw", "-o", "clean", "--page-timeout", "nan").exit_code == ExitCode.USAGE


def test_errors_end_with_their_codes_and_a_message(clean, newsclean, folder):
    """No traceback: a line that says what, where and what to do."""
    result = newsclean("clean", "nowhere", "-o", "clean")
    assert (result.exit_code, result.stderr.startswith("newsclean: ")) == (ExitCode.USAGE, True)
    (folder / "file").write_text("x")
    result = newsclean("clean", "raw", "-o", "file")
    assert (result.exit_code, "is a file" in result.stderr) == (ExitCode.DATASET, True)
    assert newsclean("clean", "raw", "-o", "clean", "--page-timeout", "0").exit_code == ExitCode.USAGE


def started(folder, *options, stderr=subprocess.PIPE):
    command = [sys.executable, "-m", "newsclean", "clean", "raw", "-o", "clean", *options]
    return subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=stderr, text=True, start_new_session=True
    )


def many_pages(folder, count=3000):
    text = (folder / "raw" / "0.html").read_text()
    for number in range(count):
        (folder / "raw" / f"more{number}.html").write_text(text.replace("Ferry 0", f"Ferry {number}"))


def interrupted(folder, number):
    many_pages(folder)
    process = started(folder)
    deadline = time.monotonic() + 60
    while not list(folder.glob("clean/_newsclean/commits/*.json")) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, number)
    out, errors = process.communicate(timeout=60)
    return process.returncode, out, errors


def test_ctrl_c_ends_a_run_in_order(folder, clean):
    """The whole group gets the signal: what is committed stays, the code is 130, the next run does the rest."""
    code, out, errors = interrupted(folder, signal.SIGINT)
    assert code == ExitCode.INTERRUPTED, errors
    assert "interrupted after" in out
    assert not list((folder / "clean" / "_newsclean" / "tmp").iterdir())
    assert json.loads(clean("--json").stdout)["dataset_pages"] == 3004


def test_sigterm_ends_a_run_in_order(folder):
    """The same with 143."""
    code, _, errors = interrupted(folder, signal.SIGTERM)
    assert code == ExitCode.TERMINATED, errors


def test_a_terminal_gets_a_bar(folder):
    """On a terminal there is a bar with pages and rate."""
    many_pages(folder, 300)
    ours, theirs = pty.openpty()
    process = started(folder, stderr=theirs)
    os.close(theirs)
    drawn = b""
    while True:
        try:
            more = os.read(ours, 4096)
        except OSError:
            break
        if not more:
            break
        drawn += more
    process.communicate(timeout=60)
    os.close(ours)
    assert b"of 304 pages" in drawn
    assert b"pages/s" in drawn


def test_a_log_gets_lines(folder, monkeypatch, capsys):
    """Not on a terminal there is a plain line every some seconds."""
    from newsclean.cli.progress import showing_progress
    from newsclean.run.main_job import Progress

    with showing_progress(is_quiet=False) as show:
        for second in range(12):
            show(Progress(pages=second * 100, of_pages=2000, articles=second, rejections=0, elapsed_s=float(second)))
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "newsclean: 500 of 2,000 pages, 100 pages/s, 5 articles, 0 rejected, 0:15 left"
    assert len(lines) == 2


def test_one_page_says_nothing_of_the_time_left():
    """The start of the processes is most of the time until some pages are done."""
    from newsclean.run.main_job import Progress

    def line(pages, of_pages):
        return _line(Progress(pages=pages, of_pages=of_pages, articles=0, rejections=0, elapsed_s=5.0))

    assert "unknown time left" in line(1, 600)
    assert "2:25 left" in line(20, 600)
    assert "0:05 left" in line(2, 4)


def test_time_left_is_readable():
    """Minutes and seconds, hours where there are any."""
    assert [_left(None), _left(5), _left(65), _left(3725)] == ["unknown time", "0:05", "1:05", "1:02:05"]
