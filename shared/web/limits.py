"""Rate limits of requests: who is counted for what, and what becomes of one too many.

A caller with a key is counted for its key, and for the source of its leads; in local mode the
account stands for the key. Everybody else is counted for the network they come from, and so are
lead forms with a publishable key, which is anybody's who reads the page. A server with a key of
its own is not: it may send the leads of the whole world from one address.

One too many is told when to come back (429). Only a lead form, which cannot, gets its lead kept
for a later check, up to ten times the limit; so does what comes to the address of a source, whose
token is its key: the senders there share networks, and give a lead up that is answered 429.
"""

import hmac
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from flask import Flask, Response

from shared.api_key import PUBLISHABLE
from shared.errors import TooLarge, TooManyRequests, Unavailable
from shared.rate_limit import Limit, whole_seconds
from shared.rate_limits import Charge, RateLimits, Refused
from shared.rate_table import SharedTable
from shared.settings import Settings
from shared.web import auth, credentials, metrics
from shared.web.context import EXTENSION, app, context, notes, running, settings
from shared.web.peer import network
from shared.web.visitor import from_browser

TOO_MANY_LEADS = "Too many leads at once; come back later."
"""What is said at the address of a source, where 429 is not."""

LIMITS = "leadfly.limits"
"""Where the limits stand in `app.extensions`; nothing is there with RATE_LIMIT=off."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of an installation, and what counts against them."""

    rates: RateLimits
    caller: Limit
    source: Limit
    ip: Limit

    @classmethod
    def of(cls, chosen: Settings, log_key: bytes) -> "Limits":
        """Return the limits that *chosen* says; *log_key* is what their own key is made of."""
        key = hmac.digest(log_key, b"rate limits", "sha256")
        table = SharedTable(chosen.limits_folder)
        return cls(
            RateLimits(table, key, chosen.workers, UNSHARED.inc),
            Limit("account" if chosen.local else "key", chosen.rate_limit_per_key),
            Limit("source", chosen.rate_limit_per_source),
            Limit("ip", chosen.rate_limit_per_ip),
        )


def caller(
    user_id: str | None, scope: str | None = None, kinds: tuple[str, ...] = auth.SERVERS
) -> str:
    """Return the tenant, as `auth.caller` does, and count the request once for its key.

    Raises TooManyRequests, too. A lead form's one too many is only noted: `limited` must be asked.
    """
    tenant_id = auth.caller(user_id, scope, kinds)
    limits = _limits()
    if limits and not notes().get("counted"):
        notes().counted = True
        refused = limits.rates.take([_for_caller(limits, tenant_id)])
        if refused and not _from_form():
            raise _error(refused)
        notes().late = refused
    return tenant_id


def limited(tenant_id: str, sources: Iterable[str], keeps: bool = False) -> bool:
    """Count the leads of a request, each for its source; True if they are to be kept for later.

    *sources* names the source of each lead; where the route *keeps*, a lead form's leads may be
    kept. Raises TooManyRequests, and TooLarge for more leads than a limit ever admits at once;
    then nothing is counted.
    """
    limits = _limits()
    if limits is None:
        return False
    refused: Refused | None = notes().get("late")
    if refused is None:
        refused = limits.rates.take(_for_leads(limits, tenant_id, Counter(sources)))
    if refused is None:
        return False
    if not (keeps and _from_form()) or refused.charge.limit is limits.ip:
        raise _error(refused)
    _admit_beyond(limits, refused)
    return True


def sent_in(tenant_id: str, source_id: str, leads: int) -> bool:
    """Count a post to a source's address; True if its *leads* are to be kept for later.

    A post without leads counts for its token alone. Raises Unavailable, never TooManyRequests, if
    even that is too much: then nothing is counted, and the sender comes back.
    """
    limits = _limits()
    if limits is None:
        return False
    notes().counted = True
    # No post is larger than a limit: one that is takes all there is.
    charges = [_for_caller(limits, tenant_id, min(max(leads, 1), limits.caller.amount))]
    if leads:
        who = f"{len(tenant_id)}:{tenant_id}{source_id}"
        charges.append(Charge(limits.source, who, min(leads, limits.source.amount)))
    refused = limits.rates.take(charges)
    if refused is None:
        return False
    try:
        _admit_beyond(limits, refused)
    except TooManyRequests as error:
        raise Unavailable(TOO_MANY_LEADS, error.details) from None
    return True


def install(flask: Flask) -> None:
    """Count strangers of *flask*, and refuse those of a network that sent too many."""
    installed = flask.extensions[EXTENSION]
    if not installed.settings.rate_limited:
        return
    flask.extensions[LIMITS] = Limits.of(installed.settings, installed.log_key)

    @flask.before_request
    def refuse_strangers() -> None:
        """Refuse before anything is read or looked up, but nobody whose key is known by heart."""
        limits = _limits()
        if limits and _may_be_a_stranger():
            refused = limits.rates.refusal(Charge(limits.ip, network()))
            if refused and not credentials.recognised():
                raise _refusal(refused)

    @flask.after_request
    def count_uncounted(response: Response) -> Response:
        """Count who was not let in, and who was before the route asked; a 429 costs nothing."""
        limits, counted = _limits(), notes().get("counted")
        if limits and not counted and _may_be_a_stranger() and response.status_code != 429:
            key = notes().get("key")
            known = key is not None and key.kind != PUBLISHABLE
            limits.rates.take([_for_caller(limits, "") if known else Charge(limits.ip, network())])
        return response


def _limits() -> Limits | None:
    return cast("Limits | None", app().extensions.get(LIMITS))


def _for_caller(limits: Limits, tenant_id: str, cost: int = 1) -> Charge:
    key = notes().get("key")
    return Charge(limits.caller, key.prefix if key else tenant_id, cost)


def _for_leads(limits: Limits, tenant_id: str, leads: Counter[str]) -> list[Charge]:
    """Return what is left to charge of a request whose caller may have been counted for one."""
    charges = [
        Charge(limits.source, f"{len(tenant_id)}:{tenant_id}{source_id}", number)
        for source_id, number in leads.items()
    ]
    for_all = _for_caller(limits, tenant_id, leads.total())
    most = min(limits.caller.amount, limits.source.amount)
    if any(charge.cost > charge.limit.amount for charge in (for_all, *charges)):
        raise TooLarge("These are more leads than a limit admits.", {"leads": f"at most {most}"})
    counted = notes().get("counted")
    if not (counted and for_all.cost == 1):
        if counted:  # the batch is admitted whole or not at all, and Retry-After holds for that
            limits.rates.give_back(_for_caller(limits, tenant_id))
        charges.append(for_all)
    return [*charges, *_for_page(limits)]


def _for_page(limits: Limits) -> list[Charge]:
    """Return what a lead costs the network of its visitor, if a page's key sent it."""
    return [Charge(limits.ip, network())] if _publishable() else []


def _admit_beyond(limits: Limits, refused: Refused) -> None:
    """Count what is kept for later. Raises TooManyRequests if that is too much, too."""
    charge = refused.charge
    beyond = Charge(charge.limit.beyond(), charge.who, charge.cost)
    too_much = limits.rates.take([beyond, *_for_page(limits)])
    if too_much is None:
        LIMITED.labels(charge.limit.name, "kept").inc()
    elif too_much.charge is beyond:
        raise _error(Refused(charge, min(refused.wait_ns, too_much.wait_ns)))
    else:
        raise _error(too_much)


def _refusal(refused: Refused) -> TooManyRequests | Unavailable:
    """Return what a stranger is told; at the address of a source nobody hears of 429.

    A token that was made a moment ago is not known by heart yet, and its sender would give up.
    """
    error = _error(refused)
    if credentials.source_token() is None:
        return error
    notes().counted = True  # as a 429, this costs nothing
    return Unavailable(TOO_MANY_LEADS, error.details)


def _error(refused: Refused) -> TooManyRequests:
    limit = refused.charge.limit
    LIMITED.labels(limit.name, "refused").inc()
    return TooManyRequests(
        details={
            "limit": limit.name,
            "per_minute": limit.amount,
            "retry_after_seconds": whole_seconds(refused.wait_ns),
        }
    )


def _may_be_a_stranger() -> bool:
    """True if the request may be a stranger's; a preflight of a browser is nobody's."""
    request = running()
    open_to_all = request.endpoint in auth.OPEN_ENDPOINTS or request.method == "OPTIONS"
    return not (open_to_all or settings().local)


def _from_form() -> bool:
    """True if a lead form sent the request to where it may: it cannot wait and try again."""
    request = running()
    rule = request.url_rule.rule if request.url_rule else None
    posted = request.method == "POST" and rule in context().lead_form_rules
    return posted and (_publishable() or from_browser())


def _publishable() -> bool:
    key = notes().get("key")
    return key is not None and key.kind == PUBLISHABLE


LIMITED = metrics.counter(
    "leadfly_rate_limited_total", "Requests beyond a rate limit.", ("limit", "outcome")
)
"""By the limit, and whether the lead was `kept` for a later check or the request `refused`."""

UNSHARED = metrics.counter(
    "leadfly_rate_limits_unshared_total",
    "Looks at a limit that this process took alone: its host's table cannot be used.",
)
