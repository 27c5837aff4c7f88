"""The door to the DNS: bounded questions to the installation's own resolver, remembered a while.

A name is asked for as it stands and below no search list. What answers is a stranger's: of a record
some kilobytes are read, of a set of them some dozens, and its time to live is believed within
bounds. A truncated answer is asked for again by TCP (RFC 7766).
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

import dns.exception
import dns.flags
import dns.name
import dns.nameserver
import dns.rdatatype
import dns.resolver

Server = tuple[str, int]
"""An address and a port."""

SECONDS = 3.0
"""For one question, with all servers and tries."""

TRY_SECONDS = 1.5
"""For one try; an answer that was lost is asked for once more within SECONDS."""

MOST_RECORDS = 50
"""Of one answer; Google's, the longest list of mail servers in use, has five."""

MOST_CHARACTERS = 4_000
"""Of one record's text; an SPF record of more than 450 bytes already breaks UDP (RFC 7208, 3.4)."""

LEAST_KEPT, MOST_KEPT = 30.0, 3600.0
"""Seconds for which an answer is remembered, whatever its time to live says."""

NOTHING_KEPT = 60.0
"""Seconds for which it is remembered that there is nothing."""

MOST_REMEMBERED = 2_000
"""Answers kept in memory by one process: at some 500 bytes each, one megabyte."""


class Unanswered(Exception):
    """The DNS did not answer, or not in a way that can be read."""


class NoSuchDomain(Exception):
    """The DNS says that the name does not exist (NXDOMAIN, RFC 2308)."""


@dataclass(frozen=True, slots=True)
class Mx:
    """One mail exchange."""

    preference: int
    host: str
    """Without a dot at its end; empty in a null MX (RFC 7505)."""


class Resolver:
    """Asks the DNS; safe for threads."""

    def __init__(
        self,
        servers: Sequence[Server] = (),
        seconds: float = SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ):
        """*servers* are asked in their order; none: those of this machine's configuration."""
        self._servers, self._seconds, self._clock = tuple(servers), seconds, clock
        self._made: dns.resolver.Resolver | None = None
        self._known: OrderedDict[tuple[str, str], tuple[float, tuple[str, ...] | None]]
        self._known, self._lock = OrderedDict(), Lock()

    def texts(self, name: str, ends_at: float) -> tuple[str, ...]:
        """Return the TXT records of *name*, the strings of each joined (RFC 7208, 3.3).

        Raises Unanswered, also at *ends_at* (`time.monotonic`), or NoSuchDomain.
        """
        return self._records(name, "TXT", ends_at)

    def exchanges(self, name: str, ends_at: float) -> tuple[Mx, ...]:
        """Return the mail exchanges of *name*, the preferred first. Raises as `texts`."""
        rows = (record.split(" ", 1) for record in self._records(name, "MX", ends_at))
        found = [Mx(int(preference), host) for preference, host in rows]
        return tuple(sorted(found, key=lambda mx: (mx.preference, mx.host)))

    def has_address(self, name: str, ends_at: float) -> bool:
        """Return whether *name* has an address of either family. Raises as `texts`."""
        return any(self._records(name, kind, ends_at) for kind in ("A", "AAAA"))

    def _records(self, name: str, kind: str, ends_at: float) -> tuple[str, ...]:
        """Return the records of one kind as text. Raises as `texts`."""
        key = (name.lower(), kind)
        with self._lock:
            until, known = self._known.get(key, (0.0, None))
        if until <= self._clock():
            known, kept = self._asked(name, kind, ends_at)
            self._remember(key, known, kept)
        if known is None:
            raise NoSuchDomain
        return known

    def _asked(self, name: str, kind: str, ends_at: float) -> tuple[tuple[str, ...] | None, float]:
        """Return records, or None if there is no such name, and the seconds to remember it."""
        patience = min(self._seconds, ends_at - time.monotonic())
        if patience <= 0:
            raise Unanswered
        try:
            asked = dns.name.from_text(name, dns.name.root)
            answer = self._resolver().resolve(
                asked, kind, lifetime=patience, search=False, raise_on_no_answer=False
            )
            texts = tuple(_text(record, kind) for record in _records(answer))
        except dns.resolver.NXDOMAIN:
            return None, NOTHING_KEPT
        except (dns.exception.DNSException, OSError, ValueError):
            raise Unanswered from None
        ttl = NOTHING_KEPT if answer.rrset is None else float(answer.rrset.ttl)
        return texts, min(max(ttl, LEAST_KEPT), MOST_KEPT)

    def _resolver(self) -> dns.resolver.Resolver:
        if self._made is None:
            made = dns.resolver.Resolver(configure=not self._servers)
            if self._servers:
                made.nameservers = [
                    dns.nameserver.Do53Nameserver(address, port) for address, port in self._servers
                ]
            made.timeout = min(TRY_SECONDS, self._seconds)
            self._made = made
        return self._made

    def _remember(
        self, key: tuple[str, str], known: tuple[str, ...] | None, seconds: float
    ) -> None:
        with self._lock:
            self._known[key] = (self._clock() + seconds, known)
            self._known.move_to_end(key)
            while len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)


def _records(answer: dns.resolver.Answer) -> list[object]:
    """Return the records of an answer, MOST_RECORDS. Raises ValueError for one that was cut."""
    if answer.response.flags & dns.flags.TC:  # by TCP, too: nobody knows what is missing
        raise ValueError("the answer is not whole")
    return [] if answer.rrset is None else list(answer.rrset)[:MOST_RECORDS]


def _text(record: object, kind: str) -> str:
    """Return one record as text: a TXT's strings joined, an MX as `10 mx.example.com`."""
    if kind == "TXT":
        joined: bytes = b"".join(record.strings)  # type: ignore[attr-defined] # of a TXT
        return joined[:MOST_CHARACTERS].decode("utf-8", "replace")
    if kind == "MX":
        host = record.exchange.to_text(omit_final_dot=True)  # type: ignore[attr-defined] # of an MX
        return f"{record.preference} {'' if host == '.' else host.lower()}"  # type: ignore[attr-defined]
    return str(record)[:MOST_CHARACTERS]
