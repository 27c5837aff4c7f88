"""What the lead needs, against what the service answers, and how much it asks for.

Pure. The best answered need counts (`services.matching.needs`), so that another need of the lead
never makes a service worse. For a service that lends within bounds a fifth is the amount.
"""

from datetime import datetime
from typing import NamedTuple

from services.matching.criteria.criterion import Criterion, Reason
from services.matching.interval import PRIOR, UNKNOWN, Span, exactly, together
from services.matching.needs import BESIDE, answers, best_answered, weighed
from services.matching.profile import Profile, amount
from services.matching.service import Service

AMOUNT = 0.2
"""Share of the points for an amount within the bounds, where the service has bounds."""


class Wanted(NamedTuple):
    """What a service answers, and between which amounts."""

    needs: tuple[str, ...]
    least: float | None
    most: float | None
    currency: str
    beside: float = 1.0
    """How far it answers all but the first of `needs`."""

    @property
    def bounded(self) -> bool:
        """True if the service says how much it lends."""
        return self.least is not None or self.most is not None


def wanted(service: Service) -> Wanted:
    """Return what *service* answers."""
    least, most = service.min_loan_amount, service.max_loan_amount
    return Wanted(
        answers(service),
        None if least is None else float(least),
        None if most is None else float(most),
        service.currency.upper(),
        1.0 if service.answers_needs else BESIDE,
    )


def span(want: Wanted, profile: Profile, now: datetime) -> Span:
    """Return the share for the needs, and for the amount where that is bounded."""
    need = _need(want, profile)
    return together((1 - AMOUNT, need), (AMOUNT, _amount(want, profile))) if want.bounded else need


def fits(want: Wanted, asked: float) -> bool:
    """True if an amount in the service's currency is within its bounds, both included."""
    return (want.least is None or asked >= want.least) and (want.most is None or asked <= want.most)


def _need(want: Wanted, profile: Profile) -> Span:
    if not want.needs:
        return exactly(PRIOR)
    sure = best_answered(want.needs, weighed(profile), want.beside)[1]
    return Span(sure, 1.0 if not profile.needs else sure)


def _amount(want: Wanted, profile: Profile) -> Span:
    asked = amount(profile, want.currency)
    return UNKNOWN if asked is None else exactly(float(fits(want, asked)))


def reasons(want: Wanted, profile: Profile, now: datetime) -> list[Reason]:
    """Return why: the need that is answered best, and the amount."""
    weight = 1 - AMOUNT if want.bounded else 1.0
    told = [Reason(_told(want, profile), _need(want, profile), weight)]
    if want.bounded:
        told.append(Reason(_amount_told(want, profile), _amount(want, profile), AMOUNT))
    return told


def _told(want: Wanted, profile: Profile) -> str:
    if not want.needs:
        return "the service does not say which needs it answers"
    answer = ", ".join(map(_words, want.needs))
    need, share = best_answered(want.needs, weighed(profile), want.beside)
    if not need:
        return f"what the lead needs is not known; the service answers {answer}"
    if need in want.needs:
        return f"needs {_words(need)}, which the service answers"
    return f"needs {_words(need)}, to {share:.0%} what the service answers: {answer}"


def _amount_told(want: Wanted, profile: Profile) -> str:
    asked = amount(profile, want.currency)
    if asked is not None:
        return f"asks for {asked:,.0f} {want.currency}, the service lends {bounds(want)}"
    if profile.loan_amount and profile.currency:
        return f"the amount is in {profile.currency}, the service lends {bounds(want)}"
    return f"the amount is not known; the service lends {bounds(want)}"


def bounds(want: Wanted) -> str:
    """Return the amounts that the service lends in words: 5,000 to 250,000 USD."""
    if want.least is None:
        return f"up to {want.most:,.0f} {want.currency}"
    if want.most is None:
        return f"from {want.least:,.0f} {want.currency}"
    return f"{want.least:,.0f} to {want.most:,.0f} {want.currency}"


def _words(need: str) -> str:
    return need.replace("_", " ")


NEED = Criterion("need", 25.0, wanted, span, reasons)
