"""How much a crawl with archive, frontier and guard costs beside the same Scrapy with an empty pipeline.

    python tests/benchmarks/crawl_throughput.py --pages 800 --rounds 5 [--packed] [--json FILE]

Three crawls of one site on loopback take turns, each in a process of its own: `plain` (Scrapy as it
is), `archived` (all of newsclean's settings), `cleaned` (the same, and pages cleaned in processes).
Printed are medians: pages a second, CPU of the loop's thread a page, and how late the loop is. The
ratio of the CPU of the loop's thread is what a machine under other load can still measure: it is
the loop that limits a crawl, and what other threads and processes do goes on beside it.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

SHARED = Path(__file__).resolve().parents[3] / "shared" / "pages"
VARIANTS = ("plain", "archived", "cleaned")


# ---- the site: in a process of its own, with nothing to think about ----


def bodies(count):
    """Return that many pages: real ones where they are at hand, else invented ones of the same size."""
    files = sorted((SHARED / "publishers").rglob("*.html.gz"))
    found = [gzip.decompress(path.read_bytes()) for path in files[:150]]
    if not found:
        found = [f"<html><body><h1>{n}</h1>{'<p>The ferry of Lowmark is late.</p>' * 2_500}".encode() for n in range(9)]
    return [found[number % len(found)] + f"<!-- {number} -->".encode() for number in range(count)]


def serve(pages, is_packed, ready):
    """Answer /N with page N, for good."""
    coding = b"Content-Encoding: gzip\r\n" if is_packed else b""
    answers = {}
    for number, page in enumerate(pages):
        body = gzip.compress(page, 6) if is_packed else page
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n%sContent-Length: %d\r\n\r\n" % (
            coding,
            len(body),
        )
        answers[b"/%d.html" % number] = head + body
    missing = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

    async def talk(reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                writer.write(answers.get(head.split(b" ", 2)[1], missing))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def main():
        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


# ---- one crawl ----

CRAWL = """
import asyncio, json, pathlib, sys, time
import scrapy
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

given = json.loads(sys.argv[1])

class Empty:
    def process_item(self, item):
        return item

class Looker(scrapy.Spider):
    name = "looker"
    site = "bench.test"
    lags, turns = [], []

    async def start(self):
        self.watch = asyncio.ensure_future(self.look())
        self.began = time.perf_counter(), time.thread_time(), time.process_time()
        for number in range(given["pages"]):
            yield scrapy.Request(f"{given['site']}/{number}.html")

    async def look(self):
        while True:
            at, cpu = time.perf_counter(), time.thread_time()
            await asyncio.sleep(0.005)
            self.lags.append(time.perf_counter() - at - 0.005)
            self.turns.append(time.thread_time() - cpu)

    def parse(self, response):
        if given["variant"] == "cleaned":
            yield {"url": response.url, "body": response.body}
        else:
            yield {"url": response.url}

    def closed(self, reason):
        now = time.perf_counter(), time.thread_time(), time.process_time()
        self.took = [after - before for after, before in zip(now, self.began)]
        self.watch.cancel()

settings = Settings()
settings.setdict({"TELNETCONSOLE_ENABLED": False, "LOG_LEVEL": "ERROR", "ITEM_PIPELINES": {Empty: 300}}, "project")
if given["variant"] != "plain":
    settings.setmodule("newsclean.crawl.settings", priority="project")
    settings.setdict({
        "NEWSCLEAN_RAW": given["folder"], "NEWSCLEAN_RESOLVE": {"*": given["address"]}, "LOG_LEVEL": "ERROR",
        "NEWSCLEAN_CONTACT": "https://bench.test/contact", "NEWSCLEAN_CLEAN": given["variant"] == "cleaned",
        "AUTOTHROTTLE_ENABLED": False,
    }, "project")
# Scrapy keeps to its limit of requests at a time only where there is a delay.
same = {"CONCURRENT_ITEMS": 10, "DOWNLOAD_DELAY": 0.0, "CONCURRENT_REQUESTS_PER_DOMAIN": 16}
settings.setdict({**same, "CONCURRENT_REQUESTS": 16}, "cmdline")
if given["variant"] == "plain":
    settings.setdict({"ROBOTSTXT_OBEY": False, "DOWNLOAD_SLOTS": {}}, "cmdline")
process = AsyncCrawlerProcess(settings)
crawler = process.create_crawler(Looker)
process.crawl(crawler)
process.start()
spider = crawler.spider
# What getrusage says is also that of the process that this one was forked from.
status = pathlib.Path("/proc/self/status")
peak_kb = int(status.read_text().partition("VmHWM:")[2].split()[0]) if status.exists() else 0
lags = sorted(spider.lags)
turns = sorted(spider.turns)
wall, thread, cpu = spider.took
print(json.dumps({
    "pages": crawler.stats.get_value("item_scraped_count", 0) + crawler.stats.get_value("item_dropped_count", 0),
    "pages_a_s": given["pages"] / wall, "loop_ms": thread / given["pages"] * 1e3, "all_ms": cpu / given["pages"] * 1e3,
    "lag_p50": lags[len(lags) // 2] * 1e3, "lag_p99": lags[int(len(lags) * 0.99)] * 1e3, "lag_max": lags[-1] * 1e3,
    "turn_p99": turns[int(len(turns) * 0.99)] * 1e3, "turn_max": turns[-1] * 1e3,
    "peak_mb": peak_kb / 1024,
}))
"""


def crawl(variant, port, pages):
    """Run one crawl and return its figures."""
    address = f"127.0.0.1:{port}"
    # The guard resolves a name to the server; plain Scrapy has no such thing.
    site = f"http://{address}" if variant == "plain" else "http://bench.test"
    with tempfile.TemporaryDirectory() as folder:
        given = {"variant": variant, "site": site, "address": address, "pages": pages, "folder": folder}
        done = subprocess.run(
            [sys.executable, "-c", CRAWL, json.dumps(given)],
            cwd=folder,
            env={**os.environ},
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
    if done.returncode:
        raise SystemExit(done.stderr)
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["pages"] == pages, (found, done.stderr)
    return found


def main():
    """Run the rounds and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=800)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--packed", action="store_true", help="answers have Content-Encoding: gzip")
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=VARIANTS)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(bodies(chosen.pages), chosen.packed, theirs), daemon=True)
    server.start()
    port = ours.recv()
    found = {variant: [] for variant in chosen.variants}
    for _ in range(chosen.rounds):
        for variant in chosen.variants:
            found[variant].append(crawl(variant, port, chosen.pages))
    server.terminate()
    names = list(found[chosen.variants[0]][0])[1:]
    medians = {
        variant: {name: statistics.median(one[name] for one in rounds) for name in names}
        for variant, rounds in found.items()
    }
    print(f"{'':10}" + "".join(f"{name:>11}" for name in names))
    for variant, values in medians.items():
        print(f"{variant:10}" + "".join(f"{value:11.1f}" for value in values.values()))
    for variant in chosen.variants[1:]:
        pairs = list(zip(found[chosen.variants[0]], found[variant], strict=True))
        wall = statistics.median(other["pages_a_s"] / plain["pages_a_s"] for plain, other in pairs)
        loop = statistics.median(plain["loop_ms"] / other["loop_ms"] for plain, other in pairs)
        medians[variant] |= {"of_plain": wall, "of_plain_loop": loop}
        print(f"{variant}: {wall:.0%} of plain by the clock, {loop:.0%} by the CPU of the loop")
    if chosen.json:
        chosen.json.write_text(json.dumps(medians, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
