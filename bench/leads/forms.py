"""The forms that leads come from: what each asks for, and how often people answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Form:
    """One source of leads."""

    source_id: str
    asks: Sequence[str]
    """Questions, as `view.py` answers them."""
    weight: int
    """How many of 100 leads it brings."""
    split: bool = False
    """True if given and family name have fields of their own."""
    work: bool = False
    """True if people fill it at work and for work."""
    at_work: float = 0.1
    """Share of employed people who give their work mailbox."""
    dial_code: bool = False
    """True if the form, or the network that fills it, writes the phone internationally."""
    often: Mapping[str, float] = field(default_factory=dict)
    """Share of people who answer a question that may be skipped."""


FORMS = (
    Form("newsletter", ("email",), 6),
    Form("ebook", ("given", "email"), 5, split=True, at_work=0.3),
    Form(
        "contact-form",
        ("name", "email", "phone", "message"),
        15,
        at_work=0.3,
        often={"phone": 0.55, "message": 0.15},
    ),
    Form("callback", ("name", "phone", "country"), 7, often={"country": 0.7}),
    Form("call-me-now", ("phone",), 3, dial_code=True),
    Form(
        "demo-request",
        ("name", "email", "company", "job_title", "phone", "country"),
        16,
        split=True,
        work=True,
        at_work=0.92,
        often={"job_title": 0.6, "phone": 0.7, "country": 0.7},
    ),
    Form(
        "webinar",
        ("name", "email", "company", "job_title"),
        8,
        work=True,
        at_work=0.8,
        often={"job_title": 0.5},
    ),
    Form("google-ads", ("name", "email", "phone", "city"), 10, dial_code=True, often={"city": 0.5}),
    Form("facebook", ("name", "email", "phone"), 11, dial_code=True, often={"phone": 0.8}),
    Form(
        "quote",
        ("name", "email", "phone", "street", "city", "country"),
        8,
        split=True,
        often={"phone": 0.8, "country": 0.7},
    ),
    Form(
        "linkedin",
        ("name", "email", "company", "job_title"),
        5,
        split=True,
        work=True,
        at_work=0.35,
    ),
    Form(
        "trade-fair",
        ("name", "company", "job_title", "phone", "email", "city", "country"),
        4,
        work=True,
        at_work=1.0,
        often={"phone": 0.6, "email": 0.6, "city": 0.6, "country": 0.8},
    ),
    Form(
        "insurance",
        ("name", "date_of_birth", "email", "phone", "city", "country"),
        5,
        split=True,
        often={"phone": 0.7, "country": 0.8},
    ),
)
"""Every form. A name and a company alone tell nobody how to answer, so a fair asks for more."""


def asking_only(question: str) -> Form:
    """Return the form whose one field is *question*."""
    return next(form for form in FORMS if form.asks == (question,))
