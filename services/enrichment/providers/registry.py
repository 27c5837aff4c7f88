"""Every provider, in the order in which their findings are shown."""

from services.enrichment.providers.mail_domain import MailDomain
from services.enrichment.providers.mailbox import Mailbox
from services.enrichment.providers.phone import PhoneNumber
from services.enrichment.providers.profiler import Profiler
from services.enrichment.providers.provider import Provider
from services.enrichment.providers.site import Site

PROVIDERS: tuple[Provider, ...] = (Site(), MailDomain(), Mailbox(), PhoneNumber(), Profiler())
"""Each is one file beside this one, and a line here."""

NAMES = tuple(provider.name for provider in PROVIDERS)
"""What callers may name."""
