"""What a hostile page or server tries on a crawler; all of it is refused, each by a real crawl on loopback.

`127.0.0.1` stands for whatever is inside: the server under attack listens there, under names that
only the test's own setting leads to it. A request that got through would be in its log.
"""

from __future__ import annotations

import json
import os

import pytest
from crawling import CrawlResult, crawl_spider, crawl_urls, newsclean
from server import NewsServer

SECRET = "what only the inside may see"

# (what is tried, the address that a page sends the crawler to; {port} is that of the server inside)
ADDRESSES = [
    ("the machine itself", "http://127.0.0.1:{port}/secret"),
    ("the machine itself, on the web's port", "http://127.0.0.1/secret"),
    ("another address of the loopback network", "http://127.8.9.1/secret"),
    ("the machine by name", "http://localhost/secret"),
    ("the machine by a name below localhost", "http://www.localhost/secret"),
    ("a name with a dot at its end", "http://localhost./secret"),
    ("hexadecimal parts", "http://0x7f.1/secret"),
    ("one hexadecimal number", "http://0x7f000001/secret"),
    ("one decimal number", "http://2130706433/secret"),
    ("octal parts", "http://0177.0.0.1/secret"),
    ("fewer than four parts", "http://127.1/secret"),
    ("zero", "http://0/secret"),
    ("the unspecified address", "http://0.0.0.0/secret"),
    ("a dot after the address", "http://127.0.0.1./secret"),
    ("digits of another script", "http://１２７.０.０.１/secret"),
    ("digits in circles", "http://①②⑦.⓪.⓪.①/secret"),
    ("a user name that looks like the host", "http://news.example@127.0.0.1/secret"),
    ("a user name before an innocent host", "http://127.0.0.1@news.example/secret"),
    ("a backslash that some take for a slash", "http://127.0.0.1\\@news.example/secret"),
    ("the machine in IPv6", "http://[::1]/secret"),
    ("the unspecified address in IPv6", "http://[::]/secret"),
    ("IPv4 mapped into IPv6", "http://[::ffff:127.0.0.1]/secret"),
    ("IPv4 mapped into IPv6, in hexadecimal", "http://[::ffff:7f00:1]/secret"),
    ("IPv4 in IPv6 as it once was", "http://[::127.0.0.1]/secret"),
    ("IPv4 behind NAT64", "http://[64:ff9b::7f00:1]/secret"),
    ("IPv4 behind a local NAT64", "http://[64:ff9b:1::7f00:1]/secret"),
    ("IPv4 behind 6to4", "http://[2002:7f00:1::]/secret"),
    ("IPv4 behind Teredo", "http://[2001:0:7f00:1::]/secret"),
    ("a link-local address with its zone", "http://[fe80::1%25eth0]/secret"),
    ("a private network in IPv6", "http://[fd12:3456::1]/secret"),
    ("everybody on the link", "http://[ff02::1]/secret"),
    ("a private network of class A", "http://10.0.0.1/secret"),
    ("a private network of class B", "http://172.31.255.254/secret"),
    ("a private network of class C", "http://192.168.1.1/secret"),
    ("the network of a carrier's NAT", "http://100.64.0.1/secret"),
    ("the metadata of a cloud machine", "http://169.254.169.254/latest/meta-data/"),
    ("the metadata of a cloud machine in IPv6", "http://[fd00:ec2::254]/latest/meta-data/"),
    ("the metadata of a cloud machine at a public address", "http://168.63.129.16/machine"),
    ("the metadata of a cloud machine by name", "http://metadata.google.internal/computeMetadata/v1/"),
    ("a multicast group", "http://224.0.0.1/secret"),
    ("everybody", "http://255.255.255.255/secret"),
    ("reserved addresses", "http://240.0.0.1/secret"),
    ("a name without a dot, which the local domain completes", "http://intranet/secret"),
    ("a name of the local network", "http://printer.local/secret"),
    ("a mail server on a public host", "http://news.example:25/secret"),
    ("a database on a public host", "http://news.example:6379/secret"),
]
SCHEMES = [
    ("a file of the machine", "file:///etc/passwd"),
    ("a file by FTP", "ftp://news.example/secret"),
    ("content in the address itself", "data:text/html,<p>x</p>"),
    ("a bucket with the machine's credentials", "s3://bucket/key"),
    ("an old protocol that can speak to any port", "gopher://127.0.0.1:6379/_FLUSHALL"),
]


@pytest.fixture(scope="module")
def inside() -> NewsServer:
    with NewsServer() as server:
        server.add(f"http://127.0.0.1:{server.port}/secret", SECRET)
        yield server


@pytest.fixture(scope="module")
def redirected(inside) -> CrawlResult:
    """One crawl that is sent to every address of the table, each from a page of its own."""
    for number, (_, address) in enumerate(ADDRESSES):
        # Addresses that are one in the end must not be taken for one: each has a path of its own.
        target = address.format(port=inside.port).rstrip("/") + f"/{number}"
        inside.redirect(f"https://news{number}.example/", target)
    inside.forget()
    return crawl_urls(inside, [f"https://news{number}.example/" for number in range(len(ADDRESSES))])


@pytest.fixture(scope="module")
def asked(inside) -> CrawlResult:
    """One crawl whose links name every address of the table, and other schemes than those of the web."""
    urls = [address.format(port=inside.port) for _, address in [*ADDRESSES, *SCHEMES]]
    return crawl_urls(inside, urls)


@pytest.mark.parametrize(("number", "what"), [(number, what) for number, (what, _) in enumerate(ADDRESSES)])
def test_a_redirect_to_the_inside_is_refused(redirected, inside, number, what):
    """A page that redirects there gets no request sent there: the hop is refused, or is no address at all."""
    failure = redirected.failures.get(f"https://news{number}.example/")
    assert failure is not None, f"{what}: {redirected.responses.get(f'https://news{number}.example/')}"
    assert failure["error"] in {"RefusedRequest", "ValueError"}, what
    assert not any("secret" in url or "meta" in url for url in inside.urls()), "nothing of it reached the inside"


@pytest.mark.parametrize(("what", "address"), [*ADDRESSES, *SCHEMES])
def test_a_link_to_the_inside_is_refused(asked, inside, what, address):
    """A link that names it directly gets no request either."""
    url = address.format(port=inside.port)
    bodies = [one["body"] for one in asked.responses.values()]
    assert url not in asked.responses, what
    assert not any(SECRET in body for body in bodies)


# (what is tried, the answers of the name service one after the other; 127.0.0.2 stands for a public address)
NAMES = [
    ("a public name of the machine itself", [["127.0.0.1"]]),
    ("a public name of a private address", [["10.11.12.13"]]),
    ("a public name of the metadata service", [["169.254.169.254"]]),
    ("a public name of the machine in IPv6", [["::1"]]),
    ("a public name that is mapped", [["::ffff:127.0.0.1"]]),
    ("a name that changes its mind (DNS rebinding)", [["127.0.0.2"], ["127.0.0.1"]]),
    ("a name that changes its mind to a private address", [["127.0.0.2"], ["192.168.0.1"]]),
]
_FAKE_NAMES = """
import itertools, socket
answers = {{name: iter([*given, *itertools.repeat(given[-1], 1000)]) for name, given in {answers!r}.items()}}
real = socket.getaddrinfo
def fake(host, port, family=0, kind=0, *rest, **more):
    if host not in answers:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")
    return [one for address in next(answers[host]) for one in real(address, port, 0, kind, *rest, **more)]
socket.getaddrinfo = fake
"""


@pytest.fixture(scope="module")
def public() -> NewsServer:
    """A server at an address that the test allows, as if it were public; it hangs up after each answer."""
    with NewsServer("127.0.0.2") as server:
        for number in range(len(NAMES)):
            server.add(f"http://name{number}.test/", "public", headers={"Connection": "close"})
            server.add(f"http://name{number}.test/robots.txt", "", status=404, headers={"Connection": "close"})
        yield server


@pytest.fixture(scope="module")
def resolved(public) -> CrawlResult:
    """One crawl that asks every name of the table, with a name service of the test."""
    answers = {f"name{number}.test": given for number, (_, given) in enumerate(NAMES)}
    return crawl_urls(
        public,
        [f"http://{name}:{public.port}/" for name in answers],
        settings={"NEWSCLEAN_RESOLVE": {}, "NEWSCLEAN_ALLOWED": ["127.0.0.2/32"], "NEWSCLEAN_PORTS": [public.port]},
        before=_FAKE_NAMES.format(answers=answers),
    )


@pytest.mark.parametrize(("number", "what"), [(number, what) for number, (what, _) in enumerate(NAMES)])
def test_a_name_that_leads_inside_is_refused(resolved, public, number, what):
    """What counts is the address that a connection is made to, at the moment when it is made."""
    url = f"http://name{number}.test:{public.port}/"
    assert url not in resolved.responses, what
    assert resolved.failures[url]["error"] == "RefusedRequest", resolved.failures[url]


def test_of_a_name_with_good_and_bad_addresses_only_the_good_are_used(public):
    """A name with an address inside among its public ones is fetched, from a public one."""
    url = f"http://name0.test:{public.port}/"
    result = crawl_urls(
        public,
        [url],
        settings={"NEWSCLEAN_RESOLVE": {}, "NEWSCLEAN_ALLOWED": ["127.0.0.2/32"], "NEWSCLEAN_PORTS": [public.port]},
        before=_FAKE_NAMES.format(answers={"name0.test": [["127.0.0.1", "127.0.0.2", "10.0.0.1"]]}),
    )
    assert result.responses[url]["body"] == "public"


def test_other_ways_than_redirects_lead_nowhere_either(inside):
    """A meta refresh, and a robots.txt that is somewhere inside, are hops like any other."""
    target = f"http://127.0.0.1:{inside.port}/secret"
    inside.add("https://refresh.example/", f'<meta http-equiv="refresh" content="0; url={target}">')
    inside.add("https://robots.example/", "a page")
    inside.redirect("https://robots.example/robots.txt", target)
    inside.forget()
    result = crawl_urls(inside, ["https://refresh.example/", "https://robots.example/"])
    assert {one["error"] for one in result.failures.values()} == {"RefusedRequest"}
    assert not result.responses
    assert not any("secret" in url for url in inside.urls())


def test_a_proxy_that_nobody_chose_is_not_used(inside):
    """Neither one that a request names nor one of the environment."""
    proxy = f"http://127.0.0.1:{inside.port}"
    inside.add("http://plain.example/", "straight")
    inside.forget()
    named = crawl_urls(inside, ["http://plain.example/"], meta={"proxy": proxy})
    assert named.failures["http://plain.example/"]["error"] == "RefusedRequest"
    ambient = crawl_urls(
        inside,
        ["http://plain.example/"],
        environment={"http_proxy": "http://127.0.0.1:9", "all_proxy": "http://[::1]:9"},
    )
    assert ambient.responses["http://plain.example/"]["body"] == "straight"


def test_a_chosen_proxy_is_used_and_does_not_lead_inside(inside):
    """Through a proxy the same addresses are refused, as far as names resolve the same for it and for us."""
    proxy = f"http://127.0.0.1:{inside.port}"
    urls = ["http://plain.example/", "http://10.0.0.1/secret", "http://named.test/secret"]
    inside.add("http://plain.example/", "by proxy")
    inside.add("http://named.test/secret", SECRET)
    result = crawl_urls(
        inside,
        urls,
        meta={"proxy": proxy},
        settings={"NEWSCLEAN_PROXIES": [proxy], "NEWSCLEAN_RESOLVE": {}, "ROBOTSTXT_OBEY": False},
        before=_FAKE_NAMES.format(answers={"127.0.0.1": [["127.0.0.1"]], "named.test": [["10.9.8.7"]]}),
    )
    assert result.responses["http://plain.example/"]["body"] == "by proxy"
    assert {url: one["error"] for url, one in result.failures.items()} == dict.fromkeys(urls[1:], "RefusedRequest")


SMALL = {"DOWNLOAD_MAXSIZE": 10 * 2**20, "DOWNLOAD_WARNSIZE": 2**20}
# (what is tried, fault, its options, errors by which it may end)
RESOURCES = [
    ("a body that unpacks to 400 MB", "bomb", {"size_mb": 400}, {"IgnoreRequest"}),
    ("a body packed twice", "bomb", {"size_mb": 400, "layers": 2}, {"IgnoreRequest"}),
    ("a deflate body that unpacks to 400 MB", "bomb", {"size_mb": 400, "encoding": "deflate"}, {"IgnoreRequest"}),
    ("a brotli body that unpacks to 400 MB", "bomb", {"size_mb": 400, "encoding": "br"}, {"IgnoreRequest"}),
    ("a zstd body that unpacks to 400 MB", "bomb", {"size_mb": 400, "encoding": "zstd"}, {"IgnoreRequest"}),
    ("a body without an end", "endless_body", {}, {"DownloadCancelledError"}),
    ("a body of ten terabytes", "endless_body", {"says_length": True}, {"DownloadCancelledError"}),
    ("a head without an end", "endless_headers", {}, {"DownloadFailedError"}),
    ("a head of one endless line", "endless_headers", {"line": "x" * 65536}, {"DownloadFailedError"}),
    ("interim answers without an end", "endless_interim", {}, {"DownloadFailedError"}),
    ("a byte now and then", "drip", {"every_s": 0.5}, {"DownloadTimeoutError"}),
    ("no answer at all", "slow", {"seconds": 25}, {"DownloadTimeoutError"}),
    ("redirects without an end", "redirect_loop", {}, {"IgnoreRequest"}),
    ("a connection that is cut", "cut", {}, {"DownloadFailedError", "ResponseDataLossError"}),
    ("fewer bytes than were promised", "wrong_length", {}, {"ResponseDataLossError", "DownloadFailedError"}),
]


@pytest.fixture(scope="module")
def exhausted(inside) -> CrawlResult:
    """One crawl that meets every fault of the table, with smaller limits of size and time, to be done sooner."""
    for number, (_, fault, options, _) in enumerate(RESOURCES):
        inside.add(f"http://costly{number}.example/", "<p>a page of some length</p>" * 10)
        given = {
            name: value.encode() if isinstance(value, str) and name == "line" else value
            for name, value in options.items()
        }
        inside.fault(f"http://costly{number}.example/", fault, **given)
    urls = [f"http://costly{number}.example/" for number in range(len(RESOURCES))]
    return crawl_urls(inside, urls, settings={**SMALL, "DOWNLOAD_TIMEOUT": 20, "RETRY_TIMES": 0}, timeout_s=180)


@pytest.mark.parametrize(
    ("number", "what", "errors"), [(number, one[0], one[3]) for number, one in enumerate(RESOURCES)]
)
def test_an_answer_that_costs_too_much_is_cut_off(exhausted, number, what, errors):
    """A limit ends it, the page counts as failed, and the crawl goes on to its end."""
    failure = exhausted.failures.get(f"http://costly{number}.example/")
    assert failure is not None, f"{what}: {exhausted.responses.get(f'http://costly{number}.example/')}"
    assert failure["error"] in errors, failure
    assert exhausted.stats["finish_reason"] == "finished"


def test_all_of_them_together_cost_little_memory(exhausted):
    """Fifteen attacks at once stay far below what one of them would take without limits."""
    assert exhausted.stats["peak_mb"] < 600


def test_a_certificate_that_nobody_signed_is_refused(inside):
    """TLS is verified: a server that cannot prove its name is not read."""
    inside.add("https://forged.example/", "forged")
    result = crawl_urls(
        inside, ["https://forged.example/"], settings={"RETRY_TIMES": 0}, environment={"SSL_CERT_FILE": os.devnull}
    )
    assert not result.responses
    assert "certificate verify failed" in json.dumps(result.failures) + result.log


def test_a_delay_or_a_wait_without_end_does_not_hold_a_crawl(inside):
    """Crawl-delay beyond reason: the host is left alone. Retry-After beyond reason: waited for up to a limit."""
    inside.robots("eternal.example", "User-agent: *\nCrawl-delay: 999999999\n")
    inside.add("http://eternal.example/", "never")
    inside.add("http://busy.example/", "after all")
    inside.fault("http://busy.example/", "too_many_requests", times=1, retry_after="999999999")
    result = crawl_urls(
        inside,
        ["http://eternal.example/", "http://busy.example/"],
        settings={"NEWSCLEAN_MAX_RETRY_AFTER_S": 2},
        timeout_s=60,
    )
    assert result.failures["http://eternal.example/"]["error"] == "RobotsForbids"
    assert result.responses["http://busy.example/"]["body"] == "after all"
    assert result.stats["elapsed_time_seconds"] < 30


def test_nobody_can_steer_a_crawl_from_outside(inside):
    """A crawl listens at no port: no telnet console, no remote control."""
    source = """
import os, scrapy
class Looker(scrapy.Spider):
    name = "looker"
    start_urls = ["http://look.example/"]
    def parse(self, response):
        inodes = {os.readlink(one.path) for one in os.scandir("/proc/self/fd") if os.path.lexists(one.path)}
        rows = [line.split() for name in ("tcp", "tcp6") for line in open(f"/proc/self/net/{name}").readlines()[1:]]
        yield {"listening": [row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in inodes]}
"""
    inside.add("http://look.example/", "look")
    result = crawl_spider(inside, source, name="looker")
    assert [one["listening"] for one in result.items] == [[]]


ENTITIES = "".join(f'<!ENTITY e{number + 1} "{f"&e{number};" * 10}">' for number in range(9))
DOCTYPES = [
    ("entities that grow to a gigabyte", f'<!DOCTYPE x [<!ENTITY e0 "xxxxxxxxxx">{ENTITIES}]>', "&e9;"),
    ("an entity that is a file of the machine", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', "&e;"),
    ("an entity at an address inside", '<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:{port}/secret">]>', "&e;"),
]


@pytest.mark.parametrize(("what", "doctype", "entity"), DOCTYPES)
def test_entities_of_a_feed_or_sitemap_are_not_followed(inside, tmp_path, what, doctype, entity):
    """Its entries are read as far as they are plain, quickly, and nothing else is."""
    doctype = doctype.replace("{port}", str(inside.port))
    address = f"https://entity.example/{entity}/1.html"
    feed = f"<channel><item><title>{entity}</title><link>{address}</link></item></channel>"
    inside.add("https://entity.example/rss.xml", f'<?xml version="1.0"?>{doctype}<rss version="2.0">{feed}</rss>')
    sitemap = f'<?xml version="1.0"?>{doctype}<urlset><url><loc>{address}</loc></url></urlset>'
    inside.add("https://entity.example/sitemap.xml", sitemap)
    inside.forget()
    for spider in ("feed", "sitemap"):
        url = "https://entity.example/rss.xml" if spider == "feed" else "https://entity.example/sitemap.xml"
        done = newsclean("crawl", spider, "-a", f"url={url}", "--json", folder=tmp_path, server=inside)
        report = json.loads(done.stdout)
        assert report["finish_reason"] == "finished", what
        assert report["duration_s"] < 30, what
    assert not any("secret" in url or "root:" in url for url in inside.urls()), inside.urls()


def test_a_replay_asks_nobody(inside):
    """With an archive in the network's place, what the archive has not is refused, not fetched."""
    inside.add("https://replayed.example/", "live")
    inside.forget()
    result = crawl_urls(inside, ["https://replayed.example/"], settings={"NEWSCLEAN_REPLAY": os.devnull})
    assert not result.responses
    assert not inside.requests
