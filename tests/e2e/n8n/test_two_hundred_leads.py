"""Two hundred leads through the chain while services die: the ledger is equal at the end."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from random import Random
from uuid import uuid4

import pytest
import requests

from tests.e2e.n8n import copies, intake
from tests.e2e.n8n.intake import ADVISERS, ALPHABETS, BANK, Account, rows
from tests.e2e.n8n.kept import Kept
from tests.e2e.n8n.waiting import wait_for

SENDERS = 6

DEAD = ("duplicate-prevention", "signal-detection", "/match", "leadfly/alerts")
"""By a word of their paths, services that die in turn, for ten leads each."""


@pytest.fixture(scope="module")
def account(services_port, n8n_url):
    return Account(f"http://127.0.0.1:{services_port}", BANK, ADVISERS)


@pytest.fixture(scope="module")
def rules(account):
    """Rules by what they hear: each new lead, each that fits something, each that fits well."""
    fits = {"min_data.matches_count": 1}
    return {
        "new": account.rule(),
        "fits": account.rule(conditions=fits),
        "fits well": account.rule(rule_type="high_score_match", conditions={}),
    }


def new_leads(account):
    """Return 150 leads of 150 people, mixed: some wrote nothing, some in another alphabet."""
    written = [account.lead() for _ in range(80)]
    silent = [account.lead(message=None) for _ in range(30)]
    alphabets = cycle(ALPHABETS)
    mixed = written + silent + [account.foreigner(next(alphabets)) for _ in range(40)]
    Random(7).shuffle(mixed)
    return mixed


def doubtful_leads(account):
    return [
        account.lead(
            email=f"{uuid4().hex}@tempmail.com", phone="+1-000-000-0000", company="Test Corp"
        )
        for _ in range(10)
    ]


def bad_leads(account):
    """Return ten that nobody could take: no way to reach the person, or no lead at all."""
    nobody = {"user_id": account.user_id, "message": "Call me."}
    return [nobody, nobody | {"email": "no address"}, {"user_id": account.user_id}, [], "x"] * 2


class Ledger:
    """What was sent and answered, and what the services keep."""

    def __init__(self, home, tenant_id):
        self._home, self._tenant_id = home, tenant_id
        self.answers = []

    def kept(self, query):
        """Return what *query* of `intake` finds, each row as it is, or a lone value by itself."""
        found = rows(self._home, query, self._tenant_id)
        return [row[0] if len(row) == 1 else row for row in found]


@pytest.fixture(scope="module")
def sent(account, rules, n8n_url, n8n_folder, passage, services_home):
    """The ledger after all leads were sent: good ones, the same again, doubtful and bad ones."""
    Kept(n8n_folder, copies.INTAKE_TABLE).clear()
    ledger = Ledger(services_home, account.user_id)
    good = new_leads(account)
    alive, for_the_dead = good[:110], good[110:]
    with ThreadPoolExecutor(SENDERS) as senders:

        def send_all(leads):
            answers = list(senders.map(lambda lead: _posted(n8n_url, lead), leads))
            ledger.answers += [answer.json() for answer in answers if answer.status_code == 200]
            return [answer.status_code for answer in answers]

        assert set(send_all(alive)) == {200}
        assert set(send_all([lead | {"message": "Again."} for lead in good[:30]])) == {200}
        assert set(send_all(doubtful_leads(account))) == {200}
        assert set(send_all(bad_leads(account))) <= {400, 422}
        for place, word in enumerate(DEAD):
            passage.dead = (word,)
            try:
                assert set(send_all(for_the_dead[place * 10 : place * 10 + 10])) == {200}
            finally:
                passage.dead = ()
    return ledger


@pytest.fixture(scope="module")
def finished(sent, n8n_url, n8n_folder):
    """The ledger once n8n has nothing left to finish."""
    waiting = Kept(n8n_folder, copies.INTAKE_TABLE)
    assert len(waiting.rows()) == 10 * len(DEAD)
    requests.post(f"{n8n_url}/webhook/{copies.FINISH_BY_HAND}", json={}, timeout=120)
    assert waiting.rows() == []
    return sent


def _posted(n8n_url, lead):
    return requests.post(f"{n8n_url}/webhook/{copies.WATCHED}", json=lead, timeout=60)


def allowed(ledger):
    """Return the leads that the check let through, as PostgreSQL has them in the end."""
    return {lead_id for lead_id, action in ledger.kept(intake.DECIDED) if action == ALLOWED}


ALLOWED, FLAGGED, REJECTED = "allow_processing", "flag_for_review", "reject_duplicate"


def test_each_lead_is_answered_once_and_stored_once(finished):
    stored = Counter(lead_id for lead_id, _ in finished.kept(intake.DECIDED))
    answered = Counter(answer["lead_id"] for answer in finished.answers if answer["lead_id"])

    assert set(stored.values()) == set(answered.values()) == {1}
    assert answered.keys() <= stored.keys()
    assert len(stored) == len(finished.answers) == 190
    assert len(stored) - len(answered) == 10  # those that came while nothing could be checked


def test_people_are_told_from_those_who_come_again(finished):
    actions = Counter(action for _, action in finished.kept(intake.DECIDED))

    assert actions == {ALLOWED: 150, REJECTED: 30, FLAGGED: 10}


def test_answers_say_what_was_decided(finished):
    decided = dict(finished.kept(intake.DECIDED))

    for answer in finished.answers:
        assert answer["success"] is True
        assert answer["message"]
        assert answer["action_taken"] == decided.get(answer["lead_id"], ALLOWED)
    assert all(answer["next_steps"] for answer in finished.answers if answer["lead_id"])


def test_each_lead_let_through_that_wrote_is_read_once(finished):
    read = finished.kept(intake.READ)

    assert len(set(read)) == len(read) == 120
    assert set(read) <= allowed(finished)


def test_each_lead_let_through_is_matched(finished):
    assert set(finished.kept(intake.MATCHED)) == allowed(finished)


def test_alerts_raised_are_those_expected(finished, rules):
    def raised():
        return Counter(finished.kept(intake.RAISED))

    created = {(rules["new"], lead_id) for lead_id in finished.kept(intake.CREATED)}
    fitting = {(rules["fits"], lead_id) for lead_id in finished.kept(intake.MATCHED)}
    fitting_well = Counter((rules["fits well"], one) for one, _ in finished.kept(intake.FITTED))
    expected = Counter(created) + Counter(fitting) + fitting_well

    wait_for(lambda: raised() == expected)
    assert len(created) >= 150
