"""Mailing: handing a mail to the operator's server (RFC 5321), its certificate verified.

What goes wrong before the recipient is named is not the recipient's fault.
"""

import smtplib
import ssl
import time
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage

from services.alerts.channels.channel import SENT, Outcome
from shared.mail_server import MailServer

FAREWELL_SECONDS = 0.5
"""What any wait may take, however late it is."""


class Mailing:
    """A way to a mail server; a connection for every mail, safe for threads."""

    def __init__(self, server: MailServer, sender: Address, trust: ssl.SSLContext | None = None):
        """*trust* are the certificates that are believed, else the system's."""
        self._server, self.sender = server, sender
        self._trust = trust or ssl.create_default_context()

    def send(self, letter: EmailMessage, to: str, seconds: float) -> Outcome:
        """Mail *letter* to the one address *to*; no single wait is longer than *seconds*."""
        ends_at = time.monotonic() + seconds
        try:
            smtp = self._connected(seconds)
        except smtplib.SMTPAuthenticationError as error:
            said = "The mail server did not accept our login."
            return Outcome("failed", error.smtp_code, said, is_ours=True)
        except ssl.SSLCertVerificationError:
            said = "The mail server's certificate is not valid for it."
            return Outcome("failed", None, said, is_ours=True)
        except (OSError, smtplib.SMTPException, ValueError):
            return Outcome("failed", None, "The mail server cannot be reached.", is_ours=True)
        try:
            _wait_at_most(smtp, ends_at - time.monotonic())
            return self._sent(smtp, letter, to)
        finally:
            # Nobody waits for a farewell; a connection that broke off is closed already.
            with suppress(OSError, smtplib.SMTPException):
                _wait_at_most(smtp, FAREWELL_SECONDS)
                smtp.quit()
            smtp.close()

    def _connected(self, seconds: float) -> smtplib.SMTP:
        server = self._server
        if server.security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=seconds, context=self._trust
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=seconds)
        try:
            if server.security == "starttls":
                smtp.starttls(context=self._trust)
            if server.user:
                smtp.login(server.user, server.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _sent(self, smtp: smtplib.SMTP, letter: EmailMessage, to: str) -> Outcome:
        try:
            smtp.send_message(letter, self.sender.addr_spec, [to])
        except smtplib.SMTPRecipientsRefused as error:
            ((code, _),) = error.recipients.values()
            return _refusal(code, "The mail server refused the address")
        except smtplib.SMTPSenderRefused as error:
            said = f"The mail server refused our own address ({error.smtp_code})."
            return Outcome("failed", error.smtp_code, said, is_ours=True)
        except smtplib.SMTPDataError as error:
            return _refusal(error.smtp_code, "The mail server refused the message")
        except smtplib.SMTPNotSupportedError:
            said = "The mail server takes no addresses of this script (RFC 6531)."
            return Outcome("refused", None, said)
        except (OSError, smtplib.SMTPException):
            smtp.close()
            said = "The connection to the mail server broke off."
            return Outcome("failed", None, said, is_ours=True)
        return SENT


def _wait_at_most(smtp: smtplib.SMTP, seconds: float) -> None:
    if smtp.sock:
        smtp.sock.settimeout(max(FAREWELL_SECONDS, seconds))


def _refusal(code: int, said: str) -> Outcome:
    """Return what a reply *code* means: 5yz is for good, 4yz for now (RFC 5321, section 4.2.1)."""
    if 500 <= code < 600:
        return Outcome("refused", code, f"{said} for good ({code}).")
    return Outcome("failed", code, f"{said} for now ({code}).")
