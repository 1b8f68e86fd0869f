"""The guard against pages that send a crawler where it must not go (SSRF).

Two places, one policy. The middleware, nearest to the network, looks at each request as it leaves
and so at each hop of a redirect: scheme, host notation, port, proxy. The resolver stands between
Twisted and the name service: it hands out only addresses that passed, and Twisted connects to the
very address that it was given, so a name that changes its mind (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from scrapy import signals
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from newsclean.crawl.addresses import AddressPolicy, Endpoint
from newsclean.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.internet.base import ReactorBase
    from twisted.internet.interfaces import IAddress

__all__ = ["GuardMiddleware", "GuardedResolver", "RefusedRequest", "policy_of"]

_log: Final = logging.getLogger(__name__)
_MOST_REMEMBERED: Final = 10_000


class RefusedRequest(IgnoreRequest):
    """A request that must not be sent; its text says why."""


def policy_of(settings: BaseSettings) -> AddressPolicy:
    """Return the policy that the settings `NEWSCLEAN_ALLOWED`, `_RESOLVE`, `_PORTS` and `_PROXIES` spell."""
    return AddressPolicy.of(
        allowed=settings.getlist("NEWSCLEAN_ALLOWED"),
        resolve=settings.getdict("NEWSCLEAN_RESOLVE"),
        ports=settings.getlist("NEWSCLEAN_PORTS") or AddressPolicy().ports,
        proxies=settings.getlist("NEWSCLEAN_PROXIES"),
    )


@implementer(IHostnameResolver)
class GuardedResolver:
    """Resolves names to permitted addresses only; `refusals` tells of names that had none.

    One a process: with several crawlers in it an address must be permitted by the policy of each.
    """

    def __init__(self, reactor: ReactorBase, policy: AddressPolicy, inner: Any = None) -> None:
        inner = inner or reactor.nameResolver
        self._reactor = reactor
        self._inner: Any = inner._inner if isinstance(inner, GuardedResolver) else inner  # noqa: SLF001  (its own kind)
        self._usual = policy
        self.guards: list[AddressPolicy] = []
        self.refusals: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Make the resolver that `TWISTED_DNS_RESOLVER` names."""
        return cls(reactor, policy_of(crawler.settings))

    def install_on_reactor(self) -> None:
        """Have every name of this process resolved here."""
        resolver: Any = self  # an IHostnameResolver, which only zope knows
        self._reactor.installNameResolver(resolver)

    def resolveHostName(  # noqa: N802  (Twisted's interface)
        self,
        resolutionReceiver: Any,  # noqa: N803  (same)
        hostName: str,  # noqa: N803  (same)
        portNumber: int = 0,  # noqa: N803  (same)
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803  (same)
        transportSemantics: str = "TCP",  # noqa: N803  (same)
    ) -> IHostResolution:
        """Resolve as Twisted wants it; see `IHostnameResolver`."""
        policies = self.guards or [self._usual]
        pin = next((pin for policy in policies if (pin := policy.pin_of(hostName))), None)
        if pin is not None:
            return _answer(resolutionReceiver, hostName, pin)
        if all(policy.is_trusted_name(hostName) for policy in policies):
            receiver = resolutionReceiver
        else:
            receiver = _Sieve(resolutionReceiver, hostName, policies, self.refusals)
        found: IHostResolution = self._inner.resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )
        return found

    def look_up(self, name: str) -> Deferred[None]:
        """Resolve a name for what `refusals` says of it then."""
        done: Deferred[None] = Deferred()
        self.resolveHostName(_Listener(done), name)
        return done


@implementer(IResolutionReceiver)
class _Listener:
    def __init__(self, done: Deferred[None]) -> None:
        self._done = done

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:  # noqa: N802, N803  (Twisted's interface)
        """Go on."""

    def addressResolved(self, address: Any) -> None:  # noqa: N802  (same)
        """Go on."""

    def resolutionComplete(self) -> None:  # noqa: N802  (same)
        self._done.callback(None)


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Do nothing: the answer has been given."""


def _answer(receiver: Any, name: str, pin: Endpoint) -> IHostResolution:
    resolution: Any = _Resolution(name)
    kind = IPv6Address if ":" in pin.host else IPv4Address
    receiver.resolutionBegan(resolution)
    receiver.addressResolved(kind("TCP", pin.host, pin.port))
    receiver.resolutionComplete()
    return resolution  # type: ignore[no-any-return]  # an IHostResolution, which only zope knows


@implementer(IResolutionReceiver)
class _Sieve:
    """Passes on the addresses that may be connected to."""

    def __init__(self, receiver: Any, name: str, policies: Sequence[AddressPolicy], refusals: dict[str, str]) -> None:
        self._receiver = receiver
        self._name = name
        self._policies = policies
        self._refusals = refusals
        self._refusal: str | None = None
        self._is_usable = False

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:  # noqa: N802, N803  (Twisted's interface)
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: Any) -> None:  # noqa: N802  (same)
        refusal = next((why for policy in self._policies if (why := policy.address_refusal(address.host))), None)
        if refusal is None:
            self._is_usable = True
            self._receiver.addressResolved(address)
        else:
            self._refusal = refusal

    def resolutionComplete(self) -> None:  # noqa: N802  (same)
        self._refusals.pop(self._name, None)
        if self._refusal is not None and not self._is_usable:
            if len(self._refusals) >= _MOST_REMEMBERED:
                self._refusals.clear()
            self._refusals[self._name] = self._refusal
        self._receiver.resolutionComplete()


class GuardMiddleware:
    """Refuses requests on their way out; stands nearest to the network."""

    def __init__(self, crawler: Crawler, policy: AddressPolicy) -> None:
        self._crawler = crawler
        self._policy = policy
        self._is_replay = bool(crawler.settings["NEWSCLEAN_REPLAY"])
        self._resolver: GuardedResolver | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware; raises ConfigError where the guard could not hold."""
        if not crawler.settings.getbool("TWISTED_REACTOR_ENABLED"):
            raise ConfigError(
                "TWISTED_REACTOR_ENABLED is off: connections could not be guarded; leave the setting as it is"
            )
        guard = cls(crawler, policy_of(crawler.settings))
        guard._on_duty()
        crawler.signals.connect(guard._off_duty, signals.engine_stopped)
        return guard

    async def process_request(self, request: Request) -> None:
        """Let a request pass that may be sent."""
        self._on_duty()
        if self._is_replay:  # what the archive has does not come as far as here
            raise self._refused(request, "the archive does not have it, and a replay asks nobody else")
        refusal = self._policy.url_refusal(request.url)
        proxy = request.meta.get("proxy")
        if refusal is None and proxy:
            refusal = self._policy.proxy_refusal(proxy) or await self._refusal_behind_proxy(request)
        if refusal is not None:
            raise self._refused(request, refusal)

    def process_response(self, request: Request, response: Response) -> Response:
        """Throw away what came from an address that the resolver should not have let through."""
        address = response.ip_address
        host = urlparse_cached(request).hostname or ""
        is_proxied = request.meta.get("proxy") or request.meta.get("playwright")  # the address is the proxy's
        is_exempt = is_proxied or self._policy.is_trusted_name(host) or self._policy.pin_of(host)
        if address is not None and not is_exempt and (refusal := self._policy.address_refusal(str(address))):
            raise self._refused(request, refusal)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Say that a name was refused, which otherwise looks as if it did not exist and is tried again."""
        host = urlparse_cached(request).hostname or ""
        if isinstance(exception, CannotResolveHostError) and self._resolver is not None:
            refusal = self._resolver.refusals.get(host)
            if refusal is not None:
                raise self._refused(request, f"{host}: {refusal}") from exception

    async def _refusal_behind_proxy(self, request: Request) -> str | None:
        # The proxy resolves the name anew, so this holds only as far as it sees the same addresses as we do;
        # a name that only the proxy knows is its operator's business.
        host = urlparse_cached(request).hostname or ""
        assert self._resolver is not None
        await maybe_deferred_to_future(self._resolver.look_up(host))
        return self._resolver.refusals.get(host)

    def _on_duty(self) -> None:
        # A process may install its own resolver after this crawler was made, and would undo the guard.
        from twisted.internet import reactor  # noqa: PLC0415  (installs a reactor when it is imported)

        resolver: Any = reactor.nameResolver
        if resolver is self._resolver and resolver is not None:
            return
        if not isinstance(resolver, GuardedResolver):
            resolver = GuardedResolver(reactor, self._policy)
            resolver.install_on_reactor()
        self._resolver = resolver
        resolver.guards.append(self._policy)

    def _off_duty(self) -> None:
        if self._resolver is not None:
            self._resolver.guards.remove(self._policy)
            self._resolver = None

    def _refused(self, request: Request, refusal: str) -> RefusedRequest:
        self._crawler.stats.inc_value("newsclean/refused")
        hops = request.meta.get("redirect_urls")
        way = f" (sent there by {hops[-1]})" if hops else ""
        _log.warning("refused %s: %s%s", request.url, refusal, way, extra={"spider": self._crawler.spider})
        return RefusedRequest(refusal)
