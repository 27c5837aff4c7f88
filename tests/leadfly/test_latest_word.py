"""A person's latest word on consent counts, and is the same to everybody who asks.

Two records are of one person. Each word is a consent with the months of 2025 in which it was given,
recorded and withdrawn.
"""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import psycopg
import pytest

import leadfly.app
from services.discovery import objection_store
from services.enrichment import standing_store
from services.leads import consent_store, listing_store
from services.matching import profile_store
from services.signals import engagement_store
from shared import consents, leads
from shared.ids import uuid7
from shared.privacy.modes import MODES
from shared.privacy.purposes import LEAD_PROCESSING
from shared.web.service import KEY_SNAPSHOT

API, CHECK = "/api/v1/lead-discovery", "/webhook/leadfly/duplicate-prevention"

ADA = {"email": "ada@analytical.example", "first_name": "Ada", "last_name": "Lovelace"}

ENQUIRY, LOOKING_UP = LEAD_PROCESSING, "enrichment"

JANUARY, MARCH, MAY, JUNE, JULY = 1, 3, 5, 6, 7


class Word(NamedTuple):
    record: int
    given: int
    withdrawn: int | None = None
    purposes: tuple[str, ...] = (ENQUIRY, LOOKING_UP)
    recorded: int | None = None


FIRST, SECOND = 0, 1

STANDING = {
    "given once": [Word(FIRST, JANUARY)],
    "given with another record": [Word(SECOND, JANUARY)],
    "given anew after it was withdrawn": [Word(FIRST, JANUARY, MARCH), Word(FIRST, MAY)],
    "given anew with another record": [Word(FIRST, JANUARY, MARCH), Word(SECOND, MAY)],
    "given anew with the first record": [Word(SECOND, JANUARY, MARCH), Word(FIRST, MAY)],
    "said again": [Word(FIRST, JANUARY), Word(SECOND, MAY)],
    "recorded before one that was given earlier": [
        Word(FIRST, MAY),
        Word(SECOND, JANUARY, purposes=("marketing",), recorded=JUNE),
    ],
}

TAKEN_BACK = {
    "withdrawn": [Word(FIRST, JANUARY, MARCH)],
    "the newer one withdrawn": [Word(FIRST, JANUARY), Word(FIRST, MAY, JUNE)],
    "the newer one of another record withdrawn": [Word(FIRST, JANUARY), Word(SECOND, MAY, JUNE)],
    "the newer one of the first record withdrawn": [Word(SECOND, JANUARY), Word(FIRST, MAY, JUNE)],
    "the newer one withdrawn at once": [Word(FIRST, JANUARY), Word(SECOND, MAY, MAY)],
    "both withdrawn": [Word(FIRST, JANUARY, MARCH), Word(SECOND, MAY, JUNE)],
    "the older one withdrawn after the newer was given": [
        Word(FIRST, JANUARY, JUNE),
        Word(SECOND, MAY),
    ],
    "given before the withdrawal and recorded after it": [
        Word(FIRST, MAY, JUNE),
        Word(SECOND, JANUARY, recorded=JULY),
    ],
    "a newer one to something else withdrawn": [
        Word(FIRST, JANUARY),
        Word(SECOND, MAY, JUNE, purposes=("marketing",)),
    ],
}

NO_SUCH = {
    "nothing said": [],
    "another purpose": [Word(FIRST, JANUARY, purposes=("marketing",))],
    "replaced by a later word": [
        Word(FIRST, JANUARY),
        Word(SECOND, MAY, purposes=("marketing", "analytics")),
    ],
}


def month(number):
    return datetime(2025, number, 1, tzinfo=UTC)


@pytest.fixture
def owner(owner_conninfo):
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        yield conn


@pytest.fixture
def records(post):
    """Two records of one person, in their order, who agreed to nothing so far."""
    first = post(**ADA)
    second = post(source_id="again", **ADA)
    assert second["duplicate_of"] == first["lead_id"]
    return [UUID(first["lead_id"]), UUID(second["lead_id"])]


@pytest.fixture
def said(owner, user_id, records):
    """Store what the person said."""

    def said(words):
        for word in words:
            owner.execute(
                """
                INSERT INTO public.consents (tenant_id, id, lead_id, purposes, given_at,
                                             recorded_at, withdrawn_at)
                VALUES (%s, gen_random_uuid(), %s, %s, %s, %s, %s)
                """,
                [
                    user_id,
                    records[word.record],
                    list(word.purposes),
                    month(word.given),
                    month(word.recorded or word.given),
                    word.withdrawn and month(word.withdrawn),
                ],
            )

    return said


@pytest.fixture
def asked(database, gate, user_id):
    """Ask everybody who uses a consent, and return who takes a lead's person to agree."""

    def asked(lead_id, purpose):
        with database.transaction(user_id) as conn:
            told = [consents.latest(conn, user_id, lead_id)]
            told.append(consents.latest_of_many(conn, user_id, [lead_id]).get(lead_id))
            told.append(leads.find(conn, gate, user_id, lead_id).consent)
            told += [one.consent for one in listing_store.stored(conn, user_id, [lead_id], True)]
            told.append(profile_store.known(conn, gate, user_id, lead_id)[1])
            told.append(standing_store.standing(conn, user_id, lead_id).consent)
            told.append(mailed(conn, gate, user_id).consent)
            refused = consent_store.refused(conn, user_id, [lead_id], purpose, needed=True)
        answers = [one is not None and one.covers(purpose) for one in told]
        return [*answers, lead_id not in refused]

    return asked


@pytest.fixture
def withdrawing(owner, user_id, records, gate):
    """Store that the person withdrew in a month, of purposes or all, by a record or an address."""

    def withdrawing(at, purposes=None, record=None):
        if record is not None:
            owner.execute(
                """
                INSERT INTO public.withdrawals (tenant_id, id, lead_id, purposes, withdrawn_at,
                                                channel, withdrawn_by)
                VALUES (%s, gen_random_uuid(), %s, %s, %s, 'other', 'local')
                """,
                [user_id, records[record], purposes, month(at)],
            )
            return
        key = gate.keyring.pseudonym(user_id, "email", ADA["email"])
        for purpose in purposes or [""]:
            owner.execute(
                "INSERT INTO public.withdrawn_addresses VALUES (%s, %s, %s, %s)",
                [user_id, key, purpose, month(at)],
            )

    return withdrawing


def mailed(conn, gate, tenant_id):
    key = gate.keyring.pseudonym(tenant_id, "email", ADA["email"])
    (person,) = engagement_store.people(conn, tenant_id, [key])
    return person


@pytest.mark.parametrize("words", STANDING.values(), ids=STANDING)
def test_whose_latest_word_stands_agrees_to_what_it_names(said, asked, records, words):
    said(words)

    assert asked(records[FIRST], ENQUIRY) == asked(records[SECOND], LOOKING_UP) == [True] * 8


@pytest.mark.parametrize("words", TAKEN_BACK.values(), ids=TAKEN_BACK)
def test_an_older_consent_does_not_outlive_a_newer_withdrawal(said, asked, records, words):
    said(words)

    assert asked(records[FIRST], ENQUIRY) == asked(records[SECOND], ENQUIRY) == [False] * 8


@pytest.mark.parametrize("words", NO_SUCH.values(), ids=NO_SUCH)
def test_a_consent_to_one_purpose_is_none_to_another(said, asked, records, words):
    said(words)

    assert asked(records[FIRST], LOOKING_UP) == [False] * 8


@pytest.mark.parametrize("words", TAKEN_BACK.values(), ids=TAKEN_BACK)
def test_whoever_took_their_word_back_is_left_alone_where_no_mode_asks(
    said, database, gate, user_id, records, words
):
    said(words)

    with database.transaction(user_id) as conn:
        refused = consent_store.refused(conn, user_id, records, LOOKING_UP, needed=False)
        known, _ = profile_store.known(conn, gate, user_id, records[FIRST])
        withdrawn = standing_store.standing(conn, user_id, records[FIRST]).withdrawn
        objected = mailed(conn, gate, user_id).objected

    assert (refused, known.purposes, withdrawn, objected) == (set(records), frozenset(), True, True)


@pytest.mark.parametrize("words", [*STANDING.values(), []], ids=[*STANDING, "nothing said"])
def test_whoever_took_nothing_back_is_used_where_no_mode_asks(
    said, database, gate, user_id, records, words
):
    said(words)

    with database.transaction(user_id) as conn:
        refused = consent_store.refused(conn, user_id, records, "sharing", needed=False)
        withdrawn = standing_store.standing(conn, user_id, records[FIRST]).withdrawn
        objected = mailed(conn, gate, user_id).objected

    assert (refused, withdrawn, objected) == (set(), False, False)


BY = [FIRST, SECOND, None]
"""What somebody withdraws by: a record of theirs, or their address."""


@pytest.mark.parametrize("by", BY)
def test_whoever_withdraws_agrees_to_nothing_before_it(said, withdrawing, asked, records, by):
    said([Word(FIRST, JANUARY), Word(SECOND, MAY)])
    withdrawing(MAY, record=by)

    assert asked(records[FIRST], ENQUIRY) == asked(records[SECOND], LOOKING_UP) == [False] * 8


@pytest.mark.parametrize("by", BY)
def test_whoever_agrees_after_a_withdrawal_agrees(said, withdrawing, asked, records, by):
    said([Word(FIRST, JANUARY), Word(SECOND, MAY)])
    withdrawing(MARCH, record=by)

    assert asked(records[FIRST], ENQUIRY) == [True] * 8


@pytest.mark.parametrize("by", BY)
def test_a_purpose_that_is_taken_back_leaves_the_others(said, withdrawing, asked, records, by):
    said([Word(FIRST, JANUARY)])
    withdrawing(MARCH, ["enrichment", "sharing"], by)

    assert asked(records[SECOND], LOOKING_UP) == [False] * 8
    assert asked(records[SECOND], ENQUIRY) == [True] * 8


@pytest.mark.parametrize("by", BY)
def test_whoever_takes_a_purpose_back_is_left_alone_for_it_where_no_mode_asks(
    withdrawing, database, gate, user_id, records, by
):
    withdrawing(MARCH, [LOOKING_UP], by)

    with database.transaction(user_id) as conn:
        refused = consent_store.refused(conn, user_id, records, LOOKING_UP, needed=False)
        others = consent_store.refused(conn, user_id, records, "sharing", needed=False)
        known, _ = profile_store.known(conn, gate, user_id, records[FIRST])
        withdrawn = standing_store.standing(conn, user_id, records[FIRST]).withdrawn

    assert (refused, others, withdrawn) == (set(records), set(), True)
    assert known.purposes == {f"not {LOOKING_UP}"}


def test_whoever_is_another_person_again_has_their_own_word(said, asked, owner, user_id, records):
    said([Word(FIRST, JANUARY), Word(SECOND, MAY, JUNE)])
    alone = uuid7()
    owner.execute(
        "INSERT INTO public.subjects (tenant_id, id, created_at) VALUES (%s, %s, now())",
        [user_id, alone],
    )
    owner.execute(
        "UPDATE public.leads SET subject_id = %s, duplicate_of = NULL"
        " WHERE tenant_id = %s AND id = %s",
        [alone, user_id, records[SECOND]],
    )
    owner.execute(
        "DELETE FROM dedup.blocking_keys WHERE tenant_id = %s AND lead_id = %s",
        [user_id, records[SECOND]],
    )

    assert asked(records[FIRST], ENQUIRY) == [True] * 8


# Objections --------------------------------------------------------------------------------------


@pytest.fixture
def objecting(owner, user_id, records, database, gate):
    """Let the person unsubscribe in May; return who takes them to object."""

    def objecting():
        owner.execute(
            """
            INSERT INTO signals.behaviours (tenant_id, lead_id, event_key, behavior_type,
                                            occurred_at, recorded_at, expires_at)
            VALUES (%s, %s, 1, 'email_unsubscribe', %s, %s, NULL)
            """,
            [user_id, records[SECOND], month(MAY), month(MAY)],
        )
        with database.transaction(user_id) as conn:
            return [
                records[FIRST] in objection_store.objected(conn, user_id, records),
                standing_store.standing(conn, user_id, records[FIRST]).objected,
                mailed(conn, gate, user_id).objected,
            ]

    return objecting


def test_whoever_agrees_after_an_objection_has_changed_their_mind(said, objecting):
    said([Word(FIRST, JANUARY), Word(FIRST, JUNE)])

    assert objecting() == [False] * 3


@pytest.mark.parametrize(
    "words",
    [[], [Word(FIRST, JANUARY)], [Word(FIRST, JANUARY, recorded=JUNE)]],
    ids=["nothing said", "given before it", "given before it and recorded after"],
)
def test_whoever_agreed_before_an_objection_objects(said, objecting, words):
    said(words)

    assert objecting() == [True] * 3


# Over HTTP ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def strict(local_settings):
    """The services where everything needs a consent."""
    app = leadfly.app.create_app(replace(local_settings, mode=MODES["gdpr_strict"]))
    yield app.test_client()
    app.extensions[KEY_SNAPSHOT].stop()
    app.extensions["leadfly"].database.close()


@pytest.fixture
def agreeing_twice(strict, user_id):
    """Two records of one person in Texas whose forms brought a consent each."""

    def sent(source_id):
        lead = ADA | {"company": "Byron Roofing", "state": "TX", "country": "US"}
        body = {"user_id": user_id, "source_id": source_id, "lead_data": lead}
        answer = strict.post(CHECK, json=body | {"consent": {"purposes": [ENQUIRY]}})
        assert answer.status_code == 200, answer.text
        return answer.json["lead_id"]

    return [sent("form"), sent("again")]


@pytest.fixture
def read(strict, user_id):
    def read(path, **query):
        return strict.get(f"{API}{path}", query_string=query | {"user_id": user_id})

    return read


def withdraw(owner, lead_id):
    owner.execute("UPDATE public.consents SET withdrawn_at = now() WHERE lead_id = %s", [lead_id])


def test_what_is_read_of_a_lead_ends_with_the_newer_consent(agreeing_twice, read, owner):
    first, second = agreeing_twice
    withdraw(owner, second)

    assert read("/leads", location="Texas").json["count"] == 0
    assert read(f"/leads/{first}").json["consent"] is None
    assert len(read("/leads/export.csv").text.splitlines()) == 1


def test_what_is_read_of_a_lead_stays_while_the_newer_consent_stands(agreeing_twice, read, owner):
    first, _ = agreeing_twice
    owner.execute("UPDATE public.consents SET withdrawn_at = given_at WHERE lead_id = %s", [first])

    assert read("/leads", location="Texas").json["count"] == 1
    assert read(f"/leads/{first}").json["consent"]["purposes"] == [ENQUIRY]
    assert len(read("/leads/export.csv").text.splitlines()) == 2


def test_nothing_is_written_about_whoever_withdrew_with_a_later_record(
    agreeing_twice, strict, user_id, owner
):
    first, second = agreeing_twice
    withdraw(owner, second)

    answer = strict.put(f"{API}/leads/{first}", json={"user_id": user_id, "assigned_to": "sam"})

    assert answer.status_code == 403


# One place ---------------------------------------------------------------------------------------


def test_nobody_else_reads_the_table_of_consents():
    root = Path(leads.__file__).parents[1]
    paths = [
        path for part in ("services", "shared", "leadfly") for path in (root / part).rglob("*")
    ]
    code = [path for path in paths if path.suffix == ".py"]

    reading = [path for path in code if "FROM public.consents" in path.read_text()]

    assert [str(path.relative_to(root)) for path in reading] == ["shared/consents.py"]


def test_nobody_else_asks_for_a_person_s_newest_objection():
    root = Path(leads.__file__).parents[1]
    code = [path for part in ("services", "shared") for path in (root / part).rglob("*.py")]

    reading = [path for path in code if "FROM signals.objections" in path.read_text()]

    named = {str(path.relative_to(root)) for path in reading}
    assert named == {"shared/consents.py", "shared/objections.py"}
