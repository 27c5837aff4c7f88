"""The mailbox: what its address alone tells, by the lists that the duplicate check goes by."""

from collections.abc import Sequence

from services.enrichment.finding import Finding
from services.enrichment.providers.provider import Asked, NotApplicable, Reach
from shared.normalize import email

MEANT = "The address may be mistyped; this provider resembles its domain."


class Mailbox:
    """Reads an address: throw-away, a function's, a private person's, masked or tagged."""

    name = "mailbox"
    title = "Mailbox"
    purpose = "See what kind of mailbox the address names."
    personal = False
    needs = ("email",)

    def find(self, asked: Asked, reach: Reach) -> Sequence[Finding]:
        """Return what the address tells. Asks nobody."""
        parsed = email.parse(asked.fields.get("email", ""))
        if parsed is None:
            raise NotApplicable("there is no address that can be read")
        said = {
            "mailbox_disposable": parsed.disposable,
            "mailbox_role": parsed.role,
            "mailbox_free": parsed.personal,
            "mailbox_relay": parsed.relay,
            "mailbox_tagged": "+" in parsed.local,
            "mailbox_placeholder": parsed.filler,
        }
        found = [self._finding(field, str(is_so).lower(), reach) for field, is_so in said.items()]
        meant = email.typo_domain(parsed.domain)
        return [*found, self._finding("domain_meant", meant, reach, MEANT)] if meant else found

    def _finding(self, field: str, value: str, reach: Reach, note: str | None = None) -> Finding:
        return Finding(field, value, self.name, None, reach.now, note, personal=False)
