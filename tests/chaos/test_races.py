"""Many at once through real HTTP, last byte together: one checked allow for each person.

`tests/services/dedup/test_race.py` races within one process and shows that only the lock makes
it so; here whole requests race through gunicorn's workers. A chain A~B~C is another matter: A
shares its address with B, B its number with C, A and C share nothing. One allow is right if a B
was first or came before the other end; both an A and a C are rightly allowed if each came before
the first B, for no evidence links them. Never are two of one end allowed, nor B beside an end.
"""

from collections import Counter
from uuid import uuid4

import pytest

from tests.chaos.ledger import Sent
from tests.chaos.load import together

AT_ONCE = 200

PHONE = "+44 20 7946 0958"


def identical(number):
    return {"email": "race@example.org", "first_name": "Ada", "last_name": "Lovelace"}


def one_phone(number):
    return {"email": f"mailbox{number}@provider{number}.example", "phone": PHONE}


def email_variants(number):
    local = "adalovelace"
    dotted = ".".join((local[: 1 + number % 10], local[1 + number % 10 :]))
    domain = ("gmail.com", "googlemail.com")[number % 2]
    return {"email": f"{(dotted, dotted.upper())[number // 2 % 2]}+{number}@{domain}"}


def link(number):
    return "ABC"[number % 3]


def chain(number):
    address, phone = {"email": "ada.lovelace@gmail.com"}, {"phone": PHONE}
    return {"A": address, "B": address | phone, "C": phone}[link(number)]


def race(leadfly, lead, tenant_of):
    """Return the answers to AT_ONCE leads released together; each must be a 200."""
    leads = [Sent(tenant_of(number), lead(number)) for number in range(AT_ONCE)]
    answers = together(leadfly.port, leads)
    statuses = Counter(answer.status if answer else None for answer in answers)
    assert statuses == {200: AT_ONCE}, leadfly.said()
    return list(zip(leads, answers, strict=True))


def one_tenant():
    tenant = f"race-{uuid4().hex}"
    return lambda number: tenant


def checked_allows(raced):
    """Return the checked allows by tenant; a degraded answer is no rejection, and none of these."""
    for _, answer in raced:
        skipped = answer.says("check_skipped")
        assert not skipped or answer.says("action_taken") == "allow_processing"
    return Counter(lead.tenant for lead, answer in raced if answer.checked_allow)


# Each round has tenants of its own, so that the leads of one never meet those of another.
rounds = pytest.mark.parametrize(
    "rounds", [2, pytest.param(100, marks=pytest.mark.chaos_long)], ids=["quick", "long"]
)


@rounds
@pytest.mark.parametrize("lead", [identical, one_phone, email_variants])
def test_of_200_at_once_exactly_one_is_allowed_after_a_check(leadfly, lead, rounds):
    for _ in range(rounds):
        allows = checked_allows(race(leadfly, lead, one_tenant()))

        assert list(allows.values()) == [1]


@rounds
def test_of_a_chain_no_two_linked_leads_are_allowed(leadfly, report, rounds):
    seen: Counter[str] = Counter()
    for _ in range(rounds):
        raced = race(leadfly, chain, one_tenant())
        allowed = "".join(
            sorted(link(n) for n, (_, answer) in enumerate(raced) if answer.checked_allow)
        )

        assert allowed in ("A", "B", "C", "AC")
        seen[allowed] += 1
    report(f"allowed {dict(seen)}")


@rounds
def test_a_chain_whose_middle_is_known_brings_nobody_new(leadfly, rounds):
    for _ in range(rounds):
        tenant_of = one_tenant()
        (middle,) = together(leadfly.port, [Sent(tenant_of(0), chain(1))])

        allows = checked_allows(race(leadfly, chain, tenant_of))

        assert middle and middle.checked_allow and not allows


@rounds
def test_two_tenants_racing_have_one_allow_each(leadfly, rounds):
    for _ in range(rounds):
        tenants = [f"race-{uuid4().hex}" for _ in range(2)]

        allows = checked_allows(race(leadfly, identical, lambda n, both=tenants: both[n % 2]))

        assert allows == dict.fromkeys(tenants, 1)
