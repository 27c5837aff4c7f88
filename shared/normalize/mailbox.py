"""The mailbox that a text means, as records hold it: a mistyped provider put right."""

from shared.normalize import email
from shared.normalize.email import Email


def mailbox(text: str) -> Email | None:
    """Return the mailbox meant by *text*, a placeholder too; None if that cannot be told.

    `canonical` is what its pseudonym stands for: `ann@gmial.com` and `a.nn+x@gmail.com` are one.
    """
    mail = email.parse(text) or email.repaired(text)
    if mail is None:
        return None
    intended = email.typo_domain(mail.domain)
    meant = email.parse(f"{mail.address.rpartition('@')[0]}@{intended}") if intended else None
    return meant or mail
