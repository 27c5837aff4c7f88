"""Needs: which words say what a lead is after, which a service answers, and how near two are.

Pure. The words are those of `needs_identified`. The tables are judgement of this project: the
question is whether who has the one need would be helped by who answers the other.
"""

from functools import lru_cache

from services.matching.profile import Profile
from services.matching.service import Service

PERSONAL = frozenset({"personal_loan", "financial_advice", "debt_advice", "mortgage"})
"""Needs of private people."""

BUSINESS = frozenset(
    {
        "business_loan",
        "business_consulting",
        "growth_capital",
        "expansion_financing",
        "equipment_financing",
        "invoice_financing",
        "working_capital",
    }
)
"""Needs of companies and the self-employed."""

_CREDIT = ("business_loan", "working_capital", "growth_capital", "expansion_financing")

ANSWERS: dict[str, tuple[str, ...]] = {
    "loan": (*_CREDIT, "personal_loan"),
    "lending": (*_CREDIT, "personal_loan"),
    "business_loan": _CREDIT,
    "sba_loan": _CREDIT,
    "line_of_credit": ("working_capital", "business_loan"),
    "personal_loan": ("personal_loan",),
    "mortgage": ("mortgage",),
    "equipment_financing": ("equipment_financing", "expansion_financing"),
    "factoring": ("invoice_financing", "working_capital"),
    "investment": ("growth_capital", "expansion_financing"),
    "venture_capital": ("growth_capital", "expansion_financing"),
    "consulting": ("business_consulting", "financial_advice"),
    "business_consulting": ("business_consulting",),
    "financial_consulting": ("financial_advice", "business_consulting", "financial_assistance"),
    "financial_service": ("financial_assistance", "financial_advice", "debt_advice"),
    "debt_counselling": ("debt_advice", "financial_assistance"),
    "insurance": ("insurance",),
}
"""The needs that a type or category of services answers, the one that it is for first. One that is
not here answers the need of its own name."""

BESIDE = 0.9
"""How far a service answers the needs that it is not first for: who asks for working capital is
better served by a line of credit than by a term loan."""

CATEGORY_NEEDS: dict[str, tuple[str, ...]] = {
    "loan": ("business_loan", "personal_loan"),
    "consulting": ("business_consulting", "financial_advice"),
    "financial_service": ("financial_assistance", "financial_advice"),
}
"""What a lead of this `lead_category` needs; another category is a need of its own name."""

BORROWING = ("business_loan", "personal_loan")
"""What a lead needs that says how much it would borrow."""

POSITION = (1.0, 0.9, 0.8)
"""What the first, second and each further need of a lead weighs: they come the strongest first."""

_NEAR: dict[tuple[str, str], float] = {
    ("business_loan", "working_capital"): 0.8,  # most borrow to pay wages and stock
    ("business_loan", "expansion_financing"): 0.8,
    ("business_loan", "growth_capital"): 0.7,  # it may mean equity
    ("business_loan", "equipment_financing"): 0.6,
    ("business_loan", "invoice_financing"): 0.6,
    ("business_loan", "financial_assistance"): 0.5,  # distress: not all may borrow
    ("business_loan", "personal_loan"): 0.4,  # the self-employed take either
    ("business_loan", "business_consulting"): 0.2,
    ("working_capital", "invoice_financing"): 0.8,
    ("working_capital", "financial_assistance"): 0.5,
    ("working_capital", "growth_capital"): 0.5,
    ("growth_capital", "expansion_financing"): 0.8,
    ("growth_capital", "business_consulting"): 0.4,
    ("expansion_financing", "equipment_financing"): 0.6,
    ("expansion_financing", "business_consulting"): 0.3,
    ("financial_assistance", "debt_advice"): 0.7,
    ("financial_assistance", "financial_advice"): 0.6,
    ("financial_assistance", "business_consulting"): 0.4,
    ("financial_assistance", "invoice_financing"): 0.4,
    ("financial_advice", "debt_advice"): 0.6,
    ("financial_advice", "business_consulting"): 0.3,
    ("personal_loan", "debt_advice"): 0.4,
    ("personal_loan", "mortgage"): 0.4,
    ("personal_loan", "financial_assistance"): 0.4,
}
"""How near two needs are, in [0, 1], either way round. Pairs that are not here have nothing in
common; a need and itself are 1."""

_EITHER_WAY = _NEAR | {(other, one): near for (one, other), near in _NEAR.items()}


def near(one: str, other: str) -> float:
    """Return how near two needs are, in [0, 1]; symmetric."""
    return 1.0 if one == other else _EITHER_WAY.get((one, other), 0.0)


def answers(service: Service) -> tuple[str, ...]:
    """Return the needs that *service* answers; empty where nothing of it says so.

    What its provider named, else what its type answers, else its category; of these the needs
    of its audience.
    """
    if service.answers_needs:
        return tuple(dict.fromkeys(map(word, service.answers_needs)))
    kind, category = word(service.service_type), word(service.service_category)
    found = ANSWERS.get(kind) or ANSWERS.get(category) or ((kind or category,))
    foreign = {"consumer": BUSINESS, "business": PERSONAL}.get(service.target_audience, frozenset())
    own = tuple(need for need in found if need and need not in foreign)
    return own or tuple(filter(None, found))


Weighed = tuple[tuple[str, float], ...]
"""Needs of a lead, and what each weighs, in (0, 1]."""


def weighed(profile: Profile) -> Weighed:
    """Return the needs of a lead: what it said by its category and amount, then what was found."""
    # As a float: Decimal("NaN") would refuse to be compared.
    asked = profile.loan_amount is not None and float(profile.loan_amount) > 0
    return _weighed(profile.needs or (), profile.lead_category or "", asked)


@lru_cache(1024)
def _weighed(needs: tuple[str, ...], lead_category: str, asked: bool) -> Weighed:
    category = word(lead_category)
    of_category = CATEGORY_NEEDS.get(category, (category,)) if category else ()
    found = dict.fromkeys(map(word, needs))
    return (
        *((need, 1.0) for need in of_category),
        *((need, 1.0) for need in BORROWING if asked),
        *((need, POSITION[min(at, len(POSITION) - 1)]) for at, need in enumerate(found)),
    )


@lru_cache(4096)
def best_answered(
    offered: tuple[str, ...], needed: Weighed, beside: float = 1.0
) -> tuple[str, float]:
    """Return the need that who answers *offered* helps best with, and how far, in [0, 1].

    The first of equal ones; no need and 0 where none is known. All of *offered* but the first are
    answered as far as *beside* says.
    """
    best = ("", 0.0)
    for need, weight in needed:
        nearest = [near(need, one) * (beside if at else 1.0) for at, one in enumerate(offered)]
        share = weight * max(nearest, default=0.0)
        if share > best[1] or not best[0]:
            best = (need, share)
    return best


def word(said: str) -> str:
    """Return a need, type or category in its one spelling: `Business loan` is business_loan."""
    return "_".join(said.lower().replace("-", " ").split())
