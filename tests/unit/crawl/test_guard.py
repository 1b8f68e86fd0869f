"""The guard's policy, its resolver and its middleware."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.settings import Settings
from twisted.internet.address import IPv4Address, IPv6Address

from newsclean.crawl.addresses import AddressPolicy, Endpoint
from newsclean.crawl.guard import GuardedResolver, policy_of
from newsclean.errors import ConfigError

STRICT = AddressPolicy()


def policy(**given):
    return AddressPolicy.of(**{"allowed": [], "resolve": {}, "ports": [80, 443], "proxies": []} | given)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "1.1.1.1", "2606:4700::1111", "64:ff9b::5db8:d70e", "::ffff:1.1.1.1"]
)
def test_public_addresses_pass(address):
    """Addresses of the public internet are permitted, behind NAT64 too, where an IPv6-only network needs it."""
    assert STRICT.address_refusal(address) is None


@given(st.ip_addresses())
def test_what_python_knows_to_be_not_global_never_passes(address):
    """No address that the standard library's registry calls not global, multicast or reserved is permitted."""
    if not address.is_global or address.is_multicast or address.is_reserved:
        is_mapped = address.version == 6 and (address.ipv4_mapped or address in ipaddress.ip_network("64:ff9b::/96"))
        assert is_mapped or STRICT.address_refusal(str(address)), address


@given(st.ip_addresses(v=4))
def test_an_address_inside_ipv6_is_judged_as_itself(address):
    """Mapping and NAT64 make no address better or worse."""
    bare = STRICT.address_refusal(str(address)) is None
    assert (STRICT.address_refusal(f"::ffff:{address}") is None) == bare
    assert (STRICT.address_refusal(str(ipaddress.IPv6Address(0x64FF9B << 96 | int(address)))) is None) == bare


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/2026/1.html",
        "http://news.example:8080/",
        "https://1.1.1.1/",
        "https://xn--e1afmkfd.example/",
        "https://новости.example/",
        "https://a_b.news-site.example./x?y=http://127.0.0.1/",
    ],
)
def test_ordinary_addresses_pass(url):
    """What news is read at is permitted: names, international ones, usual ports, public addresses."""
    assert STRICT.url_refusal(url) is None


@given(st.integers(0, 2**32 - 1), st.sampled_from(["{:d}", "0x{:x}", "0{:o}"]))
def test_no_number_is_a_host(number, form):
    """An IPv4 address written as one number is refused in every base, wherever it leads."""
    text = form.format(number)
    assert STRICT.url_refusal(f"http://{text}/") is not None


@given(st.text(min_size=1, max_size=20))
def test_any_text_in_the_place_of_a_host_gets_an_answer(text):
    """No host, however broken, makes the guard itself fail."""
    refusal = STRICT.url_refusal(f"http://{text}/")
    assert refusal is None or refusal


def test_an_intranet_can_be_allowed_by_network_and_by_name():
    """Allowed networks and names pass, their neighbours do not."""
    intranet = policy(allowed=["10.20.0.0/16", "press.corp"])
    assert intranet.address_refusal("10.20.3.4") is None
    assert intranet.address_refusal("10.21.3.4") is not None
    assert intranet.url_refusal("http://press.corp:9000/") is None
    assert intranet.url_refusal("http://other.corp:9000/") is not None
    assert intranet.is_trusted_name("PRESS.corp.")


def test_a_pinned_name_goes_where_it_is_pinned_and_an_address_is_never_pinned_by_a_star():
    """Tests lead every name to their server, and still see addresses refused."""
    pinned = policy(resolve={"*": "127.0.0.1:8000", "v6.example": "[::1]:81"})
    assert pinned.pin_of("News.Example.") == Endpoint("127.0.0.1", 8000)
    assert pinned.pin_of("v6.example") == Endpoint("::1", 81)
    assert pinned.pin_of("10.0.0.1") is None
    assert pinned.pin_of("::1") is None
    assert pinned.url_refusal("http://127.0.0.1:8000/") is not None


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"allowed": ["0.0.0.0/0"]}, "NEWSCLEAN_ALLOWED"),
        ({"allowed": ["::/0"]}, "NEWSCLEAN_ALLOWED"),
        ({"resolve": {"news.example": "127.0.0.1"}}, "NEWSCLEAN_RESOLVE"),
        ({"resolve": {"news.example": "elsewhere.example:80"}}, "NEWSCLEAN_RESOLVE"),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused(given, name):
    """A setting that would open everything, or cannot be read, is an error that names it."""
    with pytest.raises(ConfigError, match=name):
        policy(**given)


def test_settings_spell_a_policy():
    """Lists and dicts may be given as text, as on a command line."""
    settings = Settings(
        {"NEWSCLEAN_ALLOWED": "10.0.0.0/8,press.corp", "NEWSCLEAN_RESOLVE": '{"a.example": "127.0.0.1:1"}'}
    )
    found = policy_of(settings)
    assert found.names == {"press.corp"}
    assert found.pin_of("a.example") == Endpoint("127.0.0.1", 1)


class Receiver:
    def __init__(self):
        self.addresses, self.is_complete = [], False

    def resolutionBegan(self, _):  # noqa: N802
        """Go on."""

    def addressResolved(self, address):  # noqa: N802
        self.addresses.append(address)

    def resolutionComplete(self):  # noqa: N802
        self.is_complete = True


class Names:
    """A name service with fixed answers."""

    def __init__(self, **answers):
        self.answers = answers

    def resolveHostName(self, receiver, name, port=0, *_):  # noqa: N802
        receiver.resolutionBegan(None)
        for text in self.answers.get(name, ()):
            kind = IPv6Address if ":" in text else IPv4Address
            receiver.addressResolved(kind("TCP", text, port))
        receiver.resolutionComplete()


def resolve(resolver, name, port=80):
    receiver = Receiver()
    resolver.resolveHostName(receiver, name, port)
    assert receiver.is_complete
    return [address.host for address in receiver.addresses]


def test_the_resolver_gives_only_addresses_that_pass():
    """Of several addresses the permitted ones are left; a name with none is remembered with the reason."""
    resolver = GuardedResolver(None, STRICT, Names(mixed=["10.0.0.1", "1.1.1.1", "::1"], inside=["192.168.0.9"]))
    assert resolve(resolver, "mixed") == ["1.1.1.1"]
    assert resolve(resolver, "inside") == []
    assert resolver.refusals == {"inside": "192.168.0.9 is private"}
    assert resolve(resolver, "unknown") == []
    assert "unknown" not in resolver.refusals


def test_a_name_is_judged_anew_at_every_connection():
    """A name that was good may be bad at the next look, and good again after it."""
    names = Names(fickle=["1.1.1.1"])
    resolver = GuardedResolver(None, STRICT, names)
    assert resolve(resolver, "fickle") == ["1.1.1.1"]
    names.answers["fickle"] = ["127.0.0.1"]
    assert resolve(resolver, "fickle") == []
    names.answers["fickle"] = ["1.0.0.1"]
    assert resolve(resolver, "fickle") == ["1.0.0.1"]
    assert not resolver.refusals


def test_with_several_crawlers_in_a_process_every_policy_counts():
    """An address that one crawler's intranet allows is not open to another crawler's pages."""
    resolver = GuardedResolver(None, STRICT, Names(press=["10.0.0.1"]))
    resolver.guards = [policy(allowed=["10.0.0.0/8"])]
    assert resolve(resolver, "press") == ["10.0.0.1"]
    resolver.guards.append(STRICT)
    assert resolve(resolver, "press") == []


def test_a_guarded_resolver_is_not_wrapped_in_itself():
    """A process that installs its resolver after a crawler was made ends with one guard, not two."""
    names = Names(good=["1.1.1.1"])
    outer = GuardedResolver(None, STRICT, GuardedResolver(None, STRICT, names))
    assert outer._inner is names
