"""Two emails, two phones: each is kept, found by, and compared, once."""

from uuid import uuid4

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dedup import beside, blocking, contact, counterfactual, linkage, several
from services.dedup.beside import Beside
from services.dedup.record import Record, read, unpack
from services.dedup.verdict import Known, Submission, verdict
from tests.services.dedup.arrivals import NOON
from tests.services.dedup.test_explanation import as_likely_as_told
from tests.services.dedup.test_race import allowed

PATH = "/webhook/leadfly/duplicate-prevention"
SWITCHBOARD = "+49 30 23125014"
ADA = {"name": "Ada Lovelace", "email": "ada@analytical.example", "phone": "+44 20 7946 0958"}
HOME = "ada.lovelace@home.example"
MOBILE = "+44 7911 123456"


def recorded(**fields):
    return read(fields).record


def told(answer, comparison):
    """Return what the answer says of one comparison, or None."""
    evidence = answer["match_details"]["evidence"]
    return next((e["explanation"] for e in evidence if e["comparison"] == comparison), None)


# Reading -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "mailboxes"),
    [
        ("ann@one.example, ann@two.example", ["ann@one.example", "ann@two.example"]),
        ("ann@one.example;ann@two.example", ["ann@one.example", "ann@two.example"]),
        ("Lee, Ann <Ann@One.example>; (ann@two.example)", ["ann@one.example", "ann@two.example"]),
        ("ann@one.example, Ann+news@one.example", ["ann@one.example"]),
        ("ada@analytical.example, ann@one.example", ["ann@one.example"]),
        ("test@test.com, none, @, ann@one.example", ["ann@one.example"]),
        ("ann.lee@gmial.com, annlee@gmail.com", ["annlee@gmail.com"]),
        (", ".join(f"ann@n{n}.example" for n in range(9)), [f"ann@n{n}.example" for n in range(3)]),
        ("", []),
    ],
)
def test_further_mailboxes_are_read_once_each_without_fillers_and_three_at_most(text, mailboxes):
    record = recorded(**ADA, other_email=text)
    assert [each.mailbox for each in record.other_mailboxes] == mailboxes


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("+44 7911 123456, +49 30 23125014", ["+447911123456", "+493023125014"]),
        ("(07911) 123-456; 020 7946 0123", ["+447911123456", "+442079460123"]),
        ("+44 20 7946 0958, 07911 123456", ["+447911123456"]),
        ("1111111111, n/a, 07911 123456", ["+447911123456"]),
        ("+44 20 7946 0111,12", ["+442079460111"]),
        ("+44 20 7946 0111;ext=12, 07911 123456", ["+442079460111", "+447911123456"]),
        ("", []),
    ],
)
def test_further_numbers_are_read_once_each_in_the_leads_country(text, numbers):
    record = recorded(**ADA, country="GB", other_phone=text)
    assert [each.phone for each in record.other_lines] == numbers


def test_the_extension_of_a_further_number_is_kept():
    (line,) = recorded(**ADA, other_phone="+44 20 7946 0111,12").other_lines
    assert line.extension == "12"


def test_a_lead_without_an_email_has_the_first_further_one_that_can_be_read():
    fields = {
        "other_email": "none; ann@one.example; ann@two.example",
        "other_phone": "07911 123456",
    }
    assert contact.promoted(fields) == {
        "email": "ann@one.example",
        "other_email": "ann@two.example",
        "phone": "07911 123456",
    }


def test_a_filler_in_the_first_place_leaves_the_further_ones_where_they_are():
    record = recorded(email="test@test.com", other_email=HOME)
    assert record.email == ""
    assert [each.mailbox for each in record.other_mailboxes] == [HOME]


@pytest.mark.parametrize(
    "stored",
    [
        {**ADA, "company": "Engines Ltd"},
        {**ADA, "other_email": f"{HOME}, ada@third.example", "other_phone": MOBILE},
        {},
    ],
)
def test_a_record_is_unpacked_as_it_was_packed(stored):
    record = recorded(**stored)
    assert unpack(record.pack()) == record


def test_records_of_earlier_versions_are_read():
    now = recorded(**ADA, company="Engines Ltd")
    before = (
        b'["ada@analytical.example","ada@analytical.example","ada","analytical.example",false,'
        b'"analytical.example","+442079460958","2079460958","",false,"ada","","lovelace","","AT",'
        b'"LFLS","","","","","GB","","",false,["ada"],[],["engines",["engines"],"ltd",[]]]'
    )
    assert len(unpack(before)) == len(now)
    assert unpack(before).mailbox == now.mailbox
    assert unpack(before).company.canonical == "engines"
    assert unpack(before).others == []
    values = orjson.loads(before)
    first = [*values[: values.index("GB") + 2], values[-3], values[-1]]
    assert unpack(orjson.dumps(first)) == unpack(before)


# Comparing ---------------------------------------------------------------------------------------

SIDES = {
    "a second, a stored first": ({"first": "mine", "other": "ours"}, {"first": "ours"}),
    "a first, a stored second": ({"first": "ours"}, {"first": "theirs", "other": "ours"}),
    "both second": ({"first": "mine", "other": "ours"}, {"first": "theirs", "other": "ours"}),
    "one of several": (
        {"first": "mine", "other": "more, ours"},
        {"first": "theirs", "other": "extra; ours"},
    ),
}
MAILS = {
    **{"mine": "countess@mine.example", "theirs": "al@theirs.example", "ours": HOME},
    **{"more": "lovelace@more.example", "extra": "augusta@extra.example"},
}
PHONES = {
    **{"mine": "+44 20 7946 0011", "theirs": "+1 212 555 0147", "ours": MOBILE},
    **{"more": "+49 30 23125014", "extra": "+33 1 42 68 53 00"},
}

everywhere = pytest.mark.parametrize(("new", "known"), SIDES.values(), ids=SIDES)


def spelt(side, values, kind):
    """Return the fields of a lead that gives a side's values."""
    said = {kind: side["first"], f"other_{kind}": side.get("other", "")}
    for name, value in values.items():
        said = {field: text.replace(name, value) for field, text in said.items()}
    return {field: text for field, text in said.items() if text}


@everywhere
def test_a_mailbox_in_common_is_found_wherever_it_stands(post, explained, new, known):
    post(name="Ada Lovelace", **spelt(known, MAILS, "email"))
    dry = explained(name="Ada Lovelace", **spelt(new, MAILS, "email"))
    answer = post(name="Ada Lovelace", **spelt(new, MAILS, "email"))

    assert answer["action_taken"] == dry["action_taken"] == "reject_duplicate"
    assert told(answer, "email") == told(dry, "email") == "Both leads give the same mailbox."


@everywhere
def test_a_number_in_common_is_found_wherever_it_stands(post, explained, new, known):
    post(name="Ada Lovelace", **spelt(known, PHONES, "phone"))
    dry = explained(name="Ada Lovelace", **spelt(new, PHONES, "phone"))
    answer = post(name="Ada Lovelace", **spelt(new, PHONES, "phone"))

    assert answer["action_taken"] == dry["action_taken"] == "reject_duplicate"
    assert told(answer, "phone") == told(dry, "phone") == "Both leads give the same mobile."


@everywhere
def test_a_mailbox_in_common_weighs_as_much_wherever_it_stands(new, known):
    a, b = (recorded(**spelt(side, MAILS, "email")) for side in (new, known))
    alone = recorded(email=HOME)

    pair = several.paired(a, b, {})

    assert linkage.compare(pair.own, pair.known, Beside(), {"fingerprint"}).probability == (
        linkage.compare(alone, alone, Beside(), {"fingerprint"}).probability
    )


def test_mailboxes_that_differ_count_once_however_many_there_are(explained, post):
    post(name="Ada Lovelace", phone=MOBILE, email="ada@one.example")
    lead = {"name": "Ada Lovelace", "phone": MOBILE, "email": "ada.l@two.example"}
    plain = explained(**lead)
    more = explained(**lead, other_email="ada.l@three.example, ada.l@four.example")

    assert more["confidence_score"] <= plain["confidence_score"]  # not every value is the same
    assert told(more, "email") == told(plain, "email")
    weights = [[e["weight"] for e in a["match_details"]["evidence"]] for a in (plain, more)]
    assert weights[0] == weights[1]


def test_a_second_address_that_only_one_lead_gives_is_not_said_to_be_the_same(explained, post):
    post(**ADA)
    assert told(explained(**ADA), "fingerprint") == "Every identifying value is the same."
    assert told(explained(**ADA, other_email=HOME), "fingerprint") is None


def test_a_lead_of_several_addresses_that_comes_again_is_wholly_the_same(explained, post):
    post(**ADA, other_email=HOME, other_phone=MOBILE)
    swapped = ADA | {"email": HOME, "other_email": ADA["email"], "other_phone": MOBILE}

    assert told(explained(**swapped), "fingerprint") == "Every identifying value is the same."


def test_rather_the_own_mobile_is_compared_than_the_switchboard():
    lead = recorded(phone=SWITCHBOARD, other_phone=MOBILE)
    pair = several.paired(lead, lead, {"phone": 12, "+447911123456": 1})

    assert pair.own.phone == pair.known.phone == "+447911123456"
    assert pair.carriers["phone"] == 1


def test_rather_the_own_mailbox_is_compared_than_a_shared_one():
    lead = recorded(email="info@analytical.example", other_email=HOME)
    assert several.paired(lead, lead, {}).own.mailbox == HOME


def test_numbers_that_are_only_alike_are_compared_where_they_stand_first():
    a = recorded(phone="+44 20 7946 0958", other_phone="+44 20 7946 0111")
    b = recorded(phone="+44 7911 123456", other_phone="+44 20 7946 0112")

    pair = several.paired(a, b, {})

    assert (pair.own, pair.known) == (a, b)


def test_who_shares_but_a_second_number_with_a_crowd_is_nobodys_duplicate(post):
    people = ("Anton Aschenbrenner", "Birgit Bozkurt", "Cosmin Czerny", "Dorothea Dvorak")
    for place, name in enumerate(people):
        mail = f"{name.split()[0].lower()}@haus{place}.example"
        own = f"+49 151 2345{place}17{place}"
        answer = post(name=name, email=mail, phone=own, other_phone=SWITCHBOARD)
        assert answer["action_taken"] == "allow_processing"


def test_who_writes_from_home_is_a_colleague_all_the_same(explained, post):
    post(name="Birgit Bozkurt", email="bb@steel.example", other_phone=SWITCHBOARD, phone=MOBILE)
    lead = {"name": "Emre Eichhorn", "email": "emre@gmail.com", "other_email": "ee@steel.example"}
    checks = explained(**lead)["checks_performed"]

    (domain,) = [check for check in checks if check["type"] == "domain_cluster"]
    assert domain["confidence"] > 0


# Counting ----------------------------------------------------------------------------------------


def test_people_are_counted_who_carry_a_number_in_either_place(post, explained):
    names = ("Anton Aschenbrenner", "Birgit Bozkurt", "Cosmin Czerny", "Dorothea Dvorak")
    for place, name in enumerate(names):
        own = {"phone": f"+49 151 2345{place}17{place}", "other_phone": SWITCHBOARD}
        number = own if place % 2 else {"phone": SWITCHBOARD}
        post(name=name, email=f"box@haus{place}.example", **number)
    anybody = {"name": "Zacharias Oppenrieder", "email": "zo@anderswo.example"}

    first = explained(**anybody, phone=SWITCHBOARD)
    second = explained(**anybody, phone="+49 151 99887 66", other_phone=SWITCHBOARD)

    assert told(first, "phone") == told(second, "phone") == "4 people share this number."


def test_the_count_of_a_second_number_is_read_back(post, client, user_id):
    for place in range(3):
        mail = f"box@haus{place}.example"
        post(name=f"{'ABC'[place]}nton Aschenbrenner", email=mail, other_phone=SWITCHBOARD)
    lead = {"name": "Anton Aschenbrenner", "email": "box@haus0.example", "phone": MOBILE}
    decision_id = post(**lead, other_phone=SWITCHBOARD)["decision_id"]

    answer = client.get(
        f"/api/v1/lead-discovery/decisions/{decision_id}", query_string={"user_id": user_id}
    )

    (phone,) = [e for e in answer.json["decision"]["evidence"] if e["comparison"] == "phone"]
    assert phone["values"] == {"people": 3}
    assert phone["explanation"] == "3 people share this number."


FIRST = ("Anton", "Birgit", "Cosmin", "Dorothea", "Emre", "Franziska", "Goran", "Hildegard", "Ilse")
LAST = ("Aschenbrenner", "Bozkurt", "Czerny", "Dvorak", "Eichhorn", "Fujimoto")


def test_a_crowd_behind_a_second_number_is_counted_beyond_those_compared(post, explained):
    names = [f"{first} {last}" for last in LAST for first in FIRST]
    for name in names:
        mail = f"{name.replace(' ', '.')}@{name.partition(' ')[2]}.example"
        post(name=name, email=mail, other_phone=SWITCHBOARD)

    anybody = {"name": "Zacharias Oppenrieder", "email": "zo@anderswo.example", "phone": MOBILE}
    answer = explained(**anybody, other_phone=SWITCHBOARD)

    assert told(answer, "phone") == "54 people share this number."


# What would have changed it ----------------------------------------------------------------------

STRANGE = {
    **{"email": "ottoline@vanterpool.example", "other_email": "otto@vanterpool.example"},
    **{"phone": "+376 312 345", "other_phone": "+376 312 346", "name": "Ottoline Vanterpool"},
    **{"address": "Xanaduville"},
}


@pytest.mark.parametrize(
    ("lead", "known"),
    [
        (ADA | {"other_email": HOME}, {"name": "A. Byron", "email": HOME}),
        ({"name": "A. Byron", "email": HOME}, ADA | {"other_email": HOME}),
        (ADA | {"other_phone": MOBILE}, {"name": "Ada Lovelace", "phone": MOBILE}),
        (
            {"email": "one@one.example", "other_email": HOME},
            {"email": "two@two.example", "other_email": HOME},
        ),
        (
            {"name": "Ada Lovelace", "email": "al@one.example", "city": "Leeds"},
            ADA | {"other_phone": MOBILE, "other_email": HOME, "city": "Leeds"},
        ),
    ],
)
def test_a_lead_posted_as_the_counterfactual_says_is_decided_as_it_says(
    post, explained, lead, known
):
    post(**known)
    post(name="Ada King", email="ada.king@gamma.example", phone="+44 20 7946 0958")
    answer = explained(**lead)
    change = answer["match_details"]["counterfactual"]
    assert change is not None

    values = STRANGE if change["change"] == "differs" else known
    said = {{"address": "city"}.get(field, field): values[field] for field in change["fields"]}
    after = explained(**lead | said)

    assert after["action_taken"] == change["action_taken"] != answer["action_taken"]
    assert as_likely_as_told(after, change)


def test_a_second_number_of_the_known_lead_is_no_doubt_if_a_crowd_may_have_it():
    own = recorded(name="Ada Lovelace", email="ada@one.example")
    known = recorded(name="Ada Lovelace", email="ada@two.example", other_phone=MOBILE)

    def judge(record, carriers=None, **options):
        """One owner of the number is proof, a crowd is none."""
        alike = bool(record.other_lines) and not (carriers or {}).get("+447911123456")
        return (0.9, "reject") if alike else (0.1, "allow")

    assert counterfactual.nearest(own, [known], {"name"}, (0.1, "allow"), judge) is None


# Together ----------------------------------------------------------------------------------------


def test_of_simultaneous_leads_whose_second_is_anothers_first_one_is_allowed(
    busy_database, gate, user_id
):
    def crossed(number):
        if number % 2:
            return {"email": HOME}
        return {"email": f"box{number}@provider{number}.example", "other_email": HOME}

    assert allowed(busy_database, gate, user_id, crossed) == 1


def test_of_simultaneous_leads_that_share_a_second_number_one_is_allowed(
    busy_database, gate, user_id
):
    def crossed(number):
        return {"email": f"box{number}@provider{number}.example", "other_phone": MOBILE}

    assert allowed(busy_database, gate, user_id, crossed) == 1


# Sending -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("lead", [{"other_email": HOME}, {"other_phone": MOBILE}])
def test_a_lead_that_is_reached_only_by_a_further_value_is_reachable(post, lead):
    answer = post(**lead)
    assert answer["action_taken"] == "allow_processing"
    assert "invalid_format" not in answer["risk_assessment"]["risk_factors"]
    assert post(**{name.removeprefix("other_"): text for name, text in lead.items()})[
        "duplicate_found"
    ]


def test_further_values_in_which_nothing_can_be_read_are_refused_by_name(client, user_id):
    body = {"user_id": user_id, "source_id": "s", "lead_data": {"other_email": "none; nil"}}
    answer = client.post(PATH, json=body)

    assert answer.status_code == 400
    assert answer.json["error"]["details"] == {"lead_data.other_email": "holds no email address"}


def test_a_batch_and_a_flat_body_take_further_values(client, user_id):
    flat = {"user_id": user_id, "source_id": "s", "name": "Ada", "phone": "+44 20 7946 0011"}
    client.post(PATH, data=flat | {"other_email": HOME})
    body = {"user_id": user_id, "source_id": "s", "leads": [{"lead_data": {"email": HOME}}]}

    (result,) = client.post(f"{PATH}/batch", json=body).json["results"]

    assert result["duplicate_found"]


# Properties --------------------------------------------------------------------------------------

MAIL = st.sampled_from(
    [
        *("ada@gmail.com", "a.da@gmail.com", "ada@gmial.com", "ada@steel.example"),
        *("info@steel.example", "bob@steel.example", "test@test.com", "nobody"),
    ]
)
NUMBER = st.sampled_from(
    [
        *("+44 7911 123456", "07911 123456", "+44 20 7946 0958", "+44 20 7946 0958 ext 7"),
        *("20 7946 0958", "+49 30 23125014", "000-0000", "12 34 56 7"),
    ]
)
LEADS = st.fixed_dictionaries(
    {},
    optional={
        "email": MAIL,
        "phone": NUMBER,
        "other_email": st.lists(MAIL, max_size=5).map(", ".join),
        "other_phone": st.lists(NUMBER, max_size=5).map("; ".join),
        "name": st.sampled_from(["Ada Lovelace", "Bob Builderman", "A. Lovelace"]),
        "country": st.sampled_from(["GB", "DE"]),
    },
)


@settings(deadline=None)
@given(LEADS, LEADS)
def test_pairing_is_symmetric_and_idempotent(one, other):
    a, b = read(one).record, read(other).record
    there, back = several.paired(a, b, {}), several.paired(b, a, {})

    weighed = linkage.compare(there.own, there.known), linkage.compare(back.own, back.known)
    again = several.paired(there.own, there.known, {})

    assert weighed[0].probability == weighed[1].probability
    assert there.whole == back.whole
    assert (again.own, again.known) == (there.own, there.known)


@settings(deadline=None)
@given(LEADS, LEADS)
def test_whoever_has_a_value_in_common_is_compared_by_it_and_shares_a_key(one, other):
    a, b = read(one).record, read(other).record
    pair = several.paired(a, b, {})
    common = {a.mailbox, *(m.mailbox for m in a.other_mailboxes)} & {
        b.mailbox,
        *(m.mailbox for m in b.other_mailboxes),
    } - {""}

    if common:
        assert pair.own.mailbox == pair.known.mailbox in common
        assert not set(blocking.keys(a)).isdisjoint(blocking.keys(b))


@settings(deadline=None)
@given(LEADS)
def test_a_record_is_bounded_packs_and_counts_its_own_values(fields):
    record = read(fields).record
    first = Record._replace(record, other_mailboxes=(), other_lines=())

    assert unpack(record.pack()) == record
    assert len(blocking.keys(record)) <= len(blocking.keys(first)) + 3 * contact.MOST
    assert len(record.others) == len(set(record.others) - {record.mailbox, record.phone})
    assert set(blocking.values(record).values()) <= set(blocking.keys(record))
    counted = beside.carriers(record, [("somebody", record), ("somebody", record)])
    assert set(counted.values()) <= {0, 1}
    assert all(counted[value] for value in record.others)


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_read_and_promoting_it_twice_changes_nothing(mails, numbers):
    fields = contact.promoted({"other_email": mails, "other_phone": numbers})

    assert contact.promoted(fields) == fields
    read({"other_email": mails, "other_phone": numbers})


def bulk(*leads):
    """Return what is made of the last of *leads* that came at once as a burst."""
    named = {"first_name": "Ada", "last_name": "Lovelace", "company": "Analytical Engines Ltd"}
    *before, last = (named | lead for lead in leads)
    known = [Known(uuid4(), uuid4(), uuid4(), "form", NOON, read(lead).record) for lead in before]
    reached = verdict(Submission("form", last, NOON), read(last), known, ())
    return reached.risk.factors.get("bulk_submission_pattern", 0)


def test_leads_that_merely_swap_their_addresses_are_no_burst_of_other_contact_data():
    one = {"email": HOME, "other_email": "ada@analytical.example", "phone": MOBILE}
    swapped = {"email": "ada@analytical.example", "other_email": HOME, "phone": MOBILE}
    others = [one | {"email": f"ada{n}@analytical.example", "other_email": ""} for n in range(5)]

    assert bulk(*[one, swapped] * 3) == 0
    assert bulk(*others) > 0


def test_hundreds_of_candidates_of_several_values_are_compared_in_time():
    lead = {"name": "Ada Lovelace", "email": "a@b.example", "phone": MOBILE}
    more = ", ".join(f"ada@n{n}.example" for n in range(3))
    numbers = "+44 20 7946 0111, +44 20 7946 0112, +44 20 7946 0113"
    fields = lead | {"other_email": more, "other_phone": numbers}
    record = read(fields).record
    known = [Known(one, one, one, "form", NOON, record) for one in (uuid4() for _ in range(900))]

    reached = verdict(Submission("form", fields, NOON), read(fields), known, ())

    assert reached.match_probability > 0.99


def test_several_addresses_in_the_first_field_are_read_each():
    sent = {
        "email": "ada@analytical.example; ada.lovelace@home.example",
        "other_email": "x@y.example",
    }

    assert contact.promoted(sent) == {
        "email": "ada@analytical.example",
        "other_email": "ada.lovelace@home.example; x@y.example",
    }


def test_an_address_beside_its_display_name_stays_one():
    sent = {"email": '"ada@home.example" <ada@home.example>'}

    assert contact.promoted(sent) == sent
