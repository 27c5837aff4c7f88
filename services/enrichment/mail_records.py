"""What a domain's mail records say: who handles its mail, and who may send in its name.

SPF after RFC 7208, DMARC after RFC 7489, null MX after RFC 7505.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MAIL_PROVIDERS = (
    ("google.com", "Google Workspace", ("google",)),
    ("googlemail.com", "Google Workspace", ("google",)),
    ("outlook.com", "Microsoft 365", ("selector1", "selector2")),
    ("mx.microsoft", "Microsoft 365", ("selector1", "selector2")),
    ("zoho.com", "Zoho Mail", ("zmail",)),
    ("zoho.eu", "Zoho Mail", ("zmail",)),
    ("zoho.in", "Zoho Mail", ("zmail",)),
    ("messagingengine.com", "Fastmail", ("fm1", "fm2", "fm3")),
    ("protonmail.ch", "Proton Mail", ("protonmail", "protonmail2", "protonmail3")),
    ("icloud.com", "iCloud Mail", ("sig1",)),
    ("yahoodns.net", "Yahoo Mail", ()),
    ("yandex.net", "Yandex 360", ("mail",)),
    ("yandex.ru", "Yandex 360", ("mail",)),
    ("mail.ru", "Mail.ru", ("mailru",)),
    ("qq.com", "Tencent Exmail", ()),
    ("qiye.aliyun.com", "Alibaba Mail", ()),
    ("mimecast.com", "Mimecast", ()),
    ("mimecast.co.za", "Mimecast", ()),
    ("pphosted.com", "Proofpoint", ()),
    ("ppe-hosted.com", "Proofpoint", ()),
    ("messagelabs.com", "Symantec Email Security", ()),
    ("barracudanetworks.com", "Barracuda", ()),
    ("iphmx.com", "Cisco Secure Email", ()),
    ("hornetsecurity.com", "Hornetsecurity", ()),
    ("antispameurope.com", "Hornetsecurity", ()),
    ("amazonaws.com", "Amazon SES", ()),
    ("mailgun.org", "Mailgun", ()),
    ("cloudflare.net", "Cloudflare Email Routing", ()),
    ("forwardemail.net", "Forward Email", ()),
    ("improvmx.com", "ImprovMX", ()),
    ("secureserver.net", "GoDaddy", ()),
    ("registrar-servers.com", "Namecheap", ()),
    ("privateemail.com", "Namecheap", ("default",)),
    ("ovh.net", "OVHcloud", ()),
    ("gandi.net", "Gandi", ("gm1", "gm2", "gm3")),
    ("kundenserver.de", "IONOS", ()),
    ("ionos.com", "IONOS", ()),
    ("rzone.de", "STRATO", ()),
    ("mailbox.org", "mailbox.org", ("mbo0001",)),
    ("infomaniak.ch", "Infomaniak", ()),
    ("hostinger.com", "Hostinger", ("hostingermail-a",)),
    ("emailsrvr.com", "Rackspace Email", ()),
    ("titan.email", "Titan", ("titan1",)),
)
"""What an MX host ends with, who answers there, and the DKIM selectors that they have customers
publish, as their help pages say. The longest ending counts."""

_ALL = re.compile(r"(?:^|\s)([-~?+]?)all(?:\s|$)", re.IGNORECASE)
_REDIRECT = re.compile(r"(?:^|\s)redirect=", re.IGNORECASE)

SPF_WORDS = {"-": "fail", "~": "softfail", "?": "neutral", "+": "pass", "": "pass"}
"""What becomes of a sender that the record does not name (RFC 7208, 4.6.2)."""

POLICIES = ("none", "quarantine", "reject")
"""Of DMARC, weakest first (RFC 7489, 6.3)."""


@dataclass(frozen=True, slots=True)
class Host:
    """Who handles the mail of a domain."""

    name: str
    selectors: tuple[str, ...]
    """The DKIM selectors that its customers have."""


def host(exchanges: Iterable[str]) -> Host | None:
    """Return who is known to answer at the most preferred of *exchanges* that anybody knows."""
    for exchange in exchanges:
        labels = exchange.lower().rstrip(".").split(".")
        for start in range(len(labels) - 1):
            known = _KNOWN.get(".".join(labels[start:]))
            if known:
                return known
    return None


def spf(records: Sequence[str]) -> str | None:
    """Return what SPF says of senders that it does not name; None if there is no SPF.

    One of SPF_WORDS, `redirect` where another domain says, or `invalid` for several records, which
    receivers take for an error (RFC 7208, 4.5).
    """
    found = [one for one in records if one.lower() == "v=spf1" or one.lower().startswith("v=spf1 ")]
    if not found:
        return None
    if len(found) > 1:
        return "invalid"
    said = _ALL.search(found[0])
    if said:
        return SPF_WORDS[said.group(1)]
    return "redirect" if _REDIRECT.search(found[0]) else "neutral"


def dmarc(records: Sequence[str], of_parent: bool = False) -> str | None:
    """Return DMARC's policy; None if there is none, or `invalid` (RFC 7489, 6.6.3).

    *of_parent*: the records are of the domain above, whose word for its subdomains counts.
    """
    found = [tags for tags in map(_tags, records) if tags.get("v", "").upper() == "DMARC1"]
    if not found:
        return None
    if len(found) > 1:
        return "invalid"
    policy = found[0].get("p", "").lower()
    if of_parent:
        policy = found[0].get("sp", policy).lower()
    return policy if policy in POLICIES else "invalid"


def dkim(records: Sequence[str]) -> bool:
    """Return whether *records* hold a key that has not been revoked (RFC 6376, 3.6.1)."""
    return any(_tags(one).get("p") for one in records)


def _tags(record: str) -> dict[str, str]:
    """Return the tags of a record like `v=DMARC1; p=none`; the first of a name counts."""
    found: dict[str, str] = {}
    for part in record.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            found.setdefault(name.strip().lower(), value.strip())
    return found


_KNOWN = {ending: Host(name, selectors) for ending, name, selectors in MAIL_PROVIDERS}
