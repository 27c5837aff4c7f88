"""The mail domain: whether it takes mail, who handles it, and how it guards its name."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from services.enrichment import mail_records
from services.enrichment.comparable import host_of
from services.enrichment.finding import Finding
from services.enrichment.mail_records import Host
from services.enrichment.providers.provider import (
    Asked,
    NotApplicable,
    ProviderUnavailable,
    Reach,
)
from services.enrichment.resolving import Mx, NoSuchDomain, Unanswered
from shared.normalize import email
from shared.normalize.email_domains import registrable

MOST_EXCHANGES = 5
"""Mail servers that are named."""

SPECIAL = frozenset(
    {"local", "localhost", "localdomain", "internal", "intranet", "private", "lan", "home", "corp"}
    | {"arpa", "onion", "alt"}
)
"""Last labels that are nobody's in the public DNS (RFC 6761, 6762, 7686, 8375, 9476; ICANN on name
collisions): to ask for them tells what the operator's own network has."""

AGE_NOTE = "Only the registry knows, and it is not asked."

Texts = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Found:
    """Makes findings of one run."""

    reach: Reach
    domain: str

    def __call__(
        self, field: str, value: str, kind: str, at: str = "", note: str | None = None
    ) -> Finding:
        """Return a finding from the records of *kind*; of none, if that is empty."""
        # RFC 4501: the address of a DNS record.
        url = f"dns:{at or self.domain}?type={kind}" if kind else None
        return Finding(field, value, MailDomain.name, url, self.reach.now, note, personal=False)


class MailDomain:
    """Reads the public mail records of a domain: MX, SPF, DMARC, DKIM of known selectors."""

    name = "mail_domain"
    title = "Mail domain"
    purpose = "See whether the domain of the address takes mail, and who handles it."
    personal = False
    needs = ("email", "website")

    def find(self, asked: Asked, reach: Reach) -> Sequence[Finding]:
        """Return what the DNS says of the domain of the address, else of the site."""
        domain = _domain(asked)
        found = _Found(reach, domain)
        try:
            return [found("mail_domain", domain, ""), *_of_domain(domain, reach, found)]
        except NoSuchDomain:
            return [found("domain_exists", "false", "MX", note="The domain does not exist.")]
        except Unanswered:
            raise ProviderUnavailable("the DNS did not answer about the domain") from None


def _domain(asked: Asked) -> str:
    address = email.parse(asked.fields.get("email", ""))
    site = host_of(asked.fields.get("website", ""))
    domain = address.domain if address else site and registrable(site)
    if not domain:
        raise NotApplicable("there is no address and no site whose domain could be asked about")
    if domain.rpartition(".")[2] in SPECIAL:
        raise NotApplicable("the domain is not one of the public DNS")
    return domain


def _of_domain(domain: str, reach: Reach, found: _Found) -> Iterator[Finding]:
    exchanges = reach.resolver.exchanges(domain, reach.ends_at)
    yield found("domain_exists", "true", "MX")
    yield from _taking_mail(domain, exchanges, reach, found)
    known = mail_records.host(mx.host for mx in exchanges)
    if known:
        yield found("mail_provider", known.name, "MX", note="Told by the names of its servers.")
    yield from _guarding(domain, known, reach, found)
    yield found("domain_age", "not known", "", note=AGE_NOTE)


def _taking_mail(
    domain: str, exchanges: Sequence[Mx], reach: Reach, found: _Found
) -> Iterator[Finding]:
    if exchanges and not any(mx.host for mx in exchanges):
        yield found("mail_accepted", "false", "MX", note="It says that it takes none: null MX.")
    elif exchanges:
        yield found("mail_accepted", "true", "MX")
        for mx in exchanges[:MOST_EXCHANGES]:
            if mx.host:
                yield found("mail_server", mx.host, "MX")
    elif reach.resolver.has_address(domain, reach.ends_at):
        # RFC 5321, 5.1: without an MX the host itself is tried.
        yield found("mail_accepted", "true", "A", note="No MX: mail goes to the host itself.")
    else:
        yield found("mail_accepted", "false", "MX", note="Neither an MX nor an address.")


def _guarding(domain: str, known: Host | None, reach: Reach, found: _Found) -> Iterator[Finding]:
    texts = _texts(reach)
    yield found("spf", mail_records.spf(texts(domain)) or "none", "TXT")
    policy, at = mail_records.dmarc(texts(f"_dmarc.{domain}")), f"_dmarc.{domain}"
    parent = registrable(domain)
    if policy is None and parent != domain:
        at = f"_dmarc.{parent}"
        policy = mail_records.dmarc(texts(at), of_parent=True)
    yield found("dmarc", policy or "absent", "TXT", at)
    for selector in known.selectors if known else ():
        at = f"{selector}._domainkey.{domain}"
        if mail_records.dkim(texts(at)):
            yield found("dkim", "true", "TXT", at)
            return


def _texts(reach: Reach) -> Texts:
    """Return what reads the TXT records of a name, of which one that does not exist has none."""

    def texts(name: str) -> tuple[str, ...]:
        try:
            return reach.resolver.texts(name, reach.ends_at)
        except NoSuchDomain:
            return ()

    return texts
