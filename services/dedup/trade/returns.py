"""Returns: how long, and for which reasons, a buyer may give a lead back.

Pure.
"""

from datetime import datetime, timedelta

from services.dedup.trade.terms import Terms

USUAL_DAYS = 7
"""Days of 24 hours from when a lead was sent, where no terms say. Sellers who publish their rules
ask for five to seven days; thirty is what one platform of the trade has by default, and whoever
wants that sets it. A window that nobody agreed on had better be short."""

DUPLICATE = "duplicate"
"""The buyer had this person already."""

USUAL_REASONS = (
    DUPLICATE,
    "wrong_number",
    "unreachable",
    "invalid_email",
    "wrong_person",
    "fake",
    "out_of_area",
    "not_requested",
)
"""Where no terms say: faults that a lead had when it was sold. That somebody did not buy is none:
sellers' published rules have that in common."""


def days(terms: Terms) -> int:
    """Return in how many days a lead under *terms* may be returned; 0: never."""
    return USUAL_DAYS if terms.return_days is None else terms.return_days


def window_ends_at(submitted_at: datetime, terms: Terms) -> datetime:
    """Return the first moment at which a lead that was sent at *submitted_at* is kept for good."""
    return submitted_at + timedelta(days=days(terms))


def reasons(terms: Terms) -> tuple[str, ...]:
    """Return for which reasons a lead under *terms* may be returned."""
    return USUAL_REASONS if terms.return_reasons is None else terms.return_reasons
