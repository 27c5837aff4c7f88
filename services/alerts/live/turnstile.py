"""The turnstile: lets each ticket through once."""

from datetime import datetime
from threading import Lock

from services.alerts.live.ticket import GOOD_FOR, BadTicket, Ticket


class Turnstile:
    """Remembers the tickets of the last minutes; one for each process that streams.

    A ticket from before the process began may have been used with the one before: it is refused,
    and the page asks for another.
    """

    def __init__(self, opened_at: datetime):
        """*opened_at* is when this process began to let people in."""
        self._opened_at = opened_at
        self._used: dict[str, datetime] = {}
        self._lock = Lock()

    def admit(self, ticket: Ticket, now: datetime) -> None:
        """Return if *ticket* comes for the first time. Raises BadTicket."""
        with self._lock:
            if ticket.made_at < self._opened_at or ticket.id in self._used:
                raise BadTicket
            for id, made_at in list(self._used.items()):
                if now - made_at > GOOD_FOR:
                    del self._used[id]
            self._used[ticket.id] = ticket.made_at
