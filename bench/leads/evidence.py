"""Could a careful human tell, from two leads alone? The rule that sets `ambiguous`.

It counts points as somebody would who sees both leads and knows how common each value is.
It knows the truth (what each answer names), so no parsing stands between it and its verdict;
it is nobody's matcher.
"""

from collections.abc import Mapping

from bench.leads.view import View

SURE = 3.0
"""Points from which two leads are plainly of one person."""

UNLIKE = 1.0
"""Points up to which two leads of one name are plainly of two people."""

AGREE = {
    "mail": (4.0, 2.5),
    "phone": (4.0, 2.2),
    "given": (0.4, 0.3),
    "family": (1.1, 0.8),
    "company": (1.0, 0.8),
    "street": (1.5, 1.2),
    "postal": (0.3, 0.0),
    "city": (0.4, 0.3),
    "born": (1.6, 0.8),
    "title": (0.3, 0.2),
}
"""Points for the same answer, and for one that comes near."""

RARE = 1.0
"""Points more for a full name that few people of the country bear."""

SUFFIX = 2.2
"""Points lost where one lead says Jr. and the other does not."""

SHARED = 0.5
"""Points for a number or an inbox that several people answer."""

SHARED_AND_NAMED = 2.0
"""Points for the same where both leads also give one name."""

COLLEAGUES_MAILBOX = 1.5
"""Points lost if both give mailboxes of one employer, and they are not the same."""

DIFFER = {"mail": 0.6, "phone": 0.6, "given": 1.0, "family": 0.5, "city": 0.4, "born": 2.5}
"""Points lost where the leads disagree."""


def points(earlier: View, later: View, shared_phones: set[str]) -> float:
    """Return how much speaks for one person; below 0 the leads speak against it."""
    one, two = earlier.said, later.said
    total = sum(
        _point(part, one, two, shared_phones) for part in AGREE if part in one and part in two
    )
    rare = "rare" in one and _agree("given", one, two) and _agree("family", one, two)
    return total + RARE * rare - SUFFIX * (one.get("suffix") != two.get("suffix"))


def _agree(part: str, one: Mapping[str, str], two: Mapping[str, str]) -> bool:
    return part in one and part in two and one[part].rstrip("~") == two[part].rstrip("~")


def _point(part: str, a: Mapping[str, str], b: Mapping[str, str], shared: set[str]) -> float:
    one, two = a[part], b[part]
    exact, near = AGREE[part]
    if part == "phone" and one.rstrip("~") == two.rstrip("~") and one.rstrip("~") in shared:
        return _shared(a, b)
    if part == "mail" and (_role(one) or _role(two)):
        return _shared(a, b) if one == two else 0.0
    if one == two:
        return exact
    if one.rstrip("~") == two.rstrip("~"):
        return near
    if part == "mail":
        return -_two_mailboxes(a, b)
    return -DIFFER.get(part, 0.0)


def _shared(a: Mapping[str, str], b: Mapping[str, str]) -> float:
    named = _agree("given", a, b) and _agree("family", a, b)
    return SHARED_AND_NAMED if named else SHARED


def _role(mailbox: str) -> bool:
    return mailbox.startswith("role:")


def _two_mailboxes(a: Mapping[str, str], b: Mapping[str, str]) -> float:
    """Return the points that two mailboxes cost: a private one beside one at work costs nothing."""
    if a["mail_kind"] != b["mail_kind"]:
        return 0.0
    one_domain = a["mail"].rpartition("@")[2] == b["mail"].rpartition("@")[2]
    one_employer = one_domain and a["mail_kind"] == "work"
    return COLLEAGUES_MAILBOX if one_employer else DIFFER["mail"]


def same_plainly(earlier: View, later: View, shared_phones: set[str]) -> bool:
    """Return True if a careful human would say: the same person."""
    return points(earlier, later, shared_phones) >= SURE


def different_plainly(earlier: View, later: View, shared_phones: set[str]) -> bool:
    """Return True if a careful human would say: another person."""
    one, two = earlier.said, later.said
    for part in ("given", "family", "suffix"):
        if part in one and part in two and not _agree(part, one, two):
            return True  # both say who they are, and it is not the same
    return points(earlier, later, shared_phones) <= UNLIKE


def reachable_alike(earlier: View, later: View) -> bool:
    """Return True if both leads give one mailbox or one phone, a slip aside."""
    return _agree("mail", earlier.said, later.said) or _agree("phone", earlier.said, later.said)
