"""What a decision says of itself is so: its sums, its counts, and what would have changed it."""

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import thread_time
from uuid import uuid4

import orjson
import pytest

from services.dedup import counterfactual
from services.dedup.check import check
from services.dedup.record import Record, read
from services.dedup.verdict import Known, Once, Submission, verdict
from tests.services.dedup import test_race
from tests.services.dedup.arrivals import NOON, lead, rendered
from tests.services.dedup.flagged import ADA, KING, REVIEWS, flagged

PATH = "/webhook/leadfly/duplicate-prevention"
DECISIONS = "/api/v1/lead-discovery/decisions"

SWITCHBOARD = "+49 30 23125014"


@pytest.fixture
def decision(client, user_id):
    """Read one decision back."""

    def decision(decision_id):
        answer = client.get(f"{DECISIONS}/{decision_id}", query_string={"user_id": user_id})
        assert answer.status_code == 200, answer.json
        return answer.json["decision"]

    return decision


# Sums --------------------------------------------------------------------------------------------

PAIRS = {
    "one mailbox, one number": (ADA, ADA),
    "one number, another name": (ADA, KING),
    "a household": (
        {"name": "Tomasz Zielonka", "email": "tz@alfa.example", "phone": "+48 601 234 568"},
        {"name": "Agnieszka Zielonka", "email": "az@beta.example", "phone": "601234568",
         "country": "PL"},
    ),
    "two scripts": (
        {"name": "Юлия Петрова", "email": "yulia.petrova@mail.ru", "phone": "+7 921 555 31 74"},
        {"name": "Yulia Petrova", "email": "ypetrova@gmail.com", "phone": "+7 921 555 31 74"},
    ),
    "family name first": (
        {"name": "陈伟明", "email": "weiming.chen@qq.com", "phone": "+86 138 1234 9071"},
        {"first_name": "Weiming", "last_name": "Chen", "email": "wm.chen@163.com",
         "phone": "13812349071", "country": "CN"},
    ),
    "a nickname at work": (
        {"name": "Robert Quillfeather", "email": "rq@steelworks.example", "company": "Steelworks",
         "city": "Leeds", "country": "GB"},
        {"name": "Bob Quillfeather", "email": "bob.quillfeather@post.example",
         "company": "Steelworks Ltd", "city": "Leeds", "country": "GB"},
    ),
    "a mistyped provider": (
        {"name": "Carla Mendes", "email": "carla.mendes@gmail.com", "phone": "+55 11 98765-1042"},
        {"name": "Carla Mendes", "email": "carla.mendes@gmial.com"},
    ),
    "one address": (
        {"name": "Wanjiru Kamau", "email": "wk@alfa.example", "street": "12 Ngong Road",
         "city": "Nairobi", "country": "KE", "date_of_birth": "1984-05-17"},
        {"name": "Wanjiru Kamau", "email": "other.box@beta.example", "street": "12 Ngong Rd",
         "city": "Nairobi", "country": "KE", "date_of_birth": "1984-05-17"},
    ),
    "colleagues": (
        {"name": "Ravi Iyer", "email": "ravi.iyer@steel.example", "phone": SWITCHBOARD,
         "company": "Steel Works"},
        {"name": "Meera Nair", "email": "meera.nair@steel.example", "phone": SWITCHBOARD,
         "company": "Steel Works"},
    ),
    "a number alone": ({"phone": "+971 50 123 8467"}, {"phone": "050 123 8467", "country": "AE"}),
}  # fmt: skip
"""Known leads from around the world, and leads like them."""

everywhere = pytest.mark.parametrize(("known", "lead"), PAIRS.values(), ids=PAIRS)


def recomputed(weighed):
    """Return the match probability of the prior and the weights as printed."""
    odds = 2 ** (weighed["prior_weight"] + math.fsum(e["weight"] for e in weighed["evidence"]))
    return odds / (1 + odds)


@everywhere
def test_what_is_printed_adds_up_to_the_match_probability(post, explained, decision, known, lead):
    post(**known)
    details = explained(**lead)["match_details"]
    stored = decision(post(**lead)["decision_id"])

    assert recomputed(details) == pytest.approx(details["match_probability"], abs=1e-6)
    assert recomputed(stored) == pytest.approx(stored["match_probability"], abs=1e-6)


@everywhere
def test_a_decision_says_in_the_same_order_what_the_answer_said(post, decision, known, lead):
    post(**known)
    answer = post(**lead)
    details, stored = answer["match_details"], decision(answer["decision_id"])

    if details is not None:
        said = ("comparison", "level", "weight", "explanation")
        assert [[e[n] for n in said] for e in stored["evidence"]] == [
            [e[n] for n in said] for e in details["evidence"]
        ]
        assert stored["counterfactual"] == details["counterfactual"]
        assert stored["relation"] == details["relation"]


def test_what_the_person_said_in_another_lead_is_told_to_be_from_there(post, explained, decision):
    post(name="Ada Lovelace", email="ada@one.example", phone="+44 7700 900123")
    shown = post(email="ada@one.example", phone="+44 7700 900456")
    lead = {"name": "Ada Lovelace", "phone": "+44 7700 900456"}

    details = explained(**lead)["match_details"]
    stored = decision(post(**lead)["decision_id"])

    assert details["lead_id"] == shown["lead_id"]
    said = {e["comparison"]: e["explanation"] for e in details["evidence"]}
    assert said["name"].endswith(" The known person said it in another lead.")
    assert not said["phone"].endswith("in another lead.")
    assert {e["comparison"]: e["explanation"] for e in stored["evidence"]} == said


def test_a_decision_of_an_older_model_is_read_back_with_its_own_numbers(
    post, decision, owner, user_id
):
    post(**ADA)
    decision_id = post(**ADA)["decision_id"]
    evidence = (
        '{"prior": -4.0, "levels": {"phone": ["exact", 5.0], "aura": ["glowing", 2.0, {}],'
        ' "name": ["{people} of them", 1.0]}, "risk": {}}'
    )
    owner.execute(
        "UPDATE dedup.decisions SET model_version = '2020.1', evidence = %s, "
        "match_probability = 1 / (1 + 2.0 ^ -4) WHERE tenant_id = %s AND id = %s",
        [evidence, user_id, decision_id],
    )

    stored = decision(decision_id)

    assert stored["model_version"] == "2020.1"
    assert {e["level"] for e in stored["evidence"]} == {"exact", "glowing", "{people} of them"}
    assert {e["explanation"] for e in stored["evidence"]} == {None}
    assert recomputed(stored) == pytest.approx(stored["match_probability"], abs=1e-6)
    assert (stored["counterfactual"], stored["relation"]) == (None, None)


# What would have changed it ----------------------------------------------------------------------

STRANGERS = {
    "email": {"email": "ottoline@vanterpool.example"},
    "phone": {"phone": "+376 312 345"},
    "name": {"name": "Ottoline Vanterpool", "first_name": None, "last_name": None},
    "company": {"company": "Quux Brickworks"},
    "date_of_birth": {"date_of_birth": "1931-07-19"},
    "address": {"street": "99 Faraway Lane", "city": "Xanaduville", "postal_code": "ZZ9 9ZZ"},
}
"""Each field as somebody else gives it."""

GIVEN = {
    "name": ("name", "first_name", "last_name"),
    "address": ("street", "city", "postal_code", "country"),
}
"""The fields of a lead that one field of a counterfactual stands for, where it is not itself."""


def otherwise(lead, known, change):
    """Return *lead* with what the counterfactual *change* names otherwise."""
    changed = dict(lead)
    for field in change["fields"]:
        if change["change"] == counterfactual.DIFFERS:
            changed |= STRANGERS[field]
        else:
            changed |= {name: known.get(name) for name in GIVEN.get(field, (field,))}
    return {name: text for name, text in changed.items() if text}


def as_likely_as_told(answer, change):
    """Return whether *answer* is as likely as its counterfactual *change* says."""
    likely, told = answer["confidence_score"], change["match_probability"]
    if "at most" in change["explanation"]:
        return likely <= told + 1e-6
    return likely == pytest.approx(told, abs=0.05)


@everywhere
def test_a_lead_posted_as_the_counterfactual_says_is_decided_as_it_says(
    post, explained, known, lead
):
    post(**known)
    answer = explained(**lead)
    change = answer["match_details"]["counterfactual"]

    assert change["action_taken"] != answer["action_taken"]
    after = explained(**otherwise(lead, known, change))

    assert after["action_taken"] == change["action_taken"]
    assert as_likely_as_told(after, change)


def test_a_counterfactual_flips_a_flag_a_rejection_and_if_asked_an_allowance(
    post, explained, client, user_id
):
    # Whatever the model weighs, the thresholds can be put on either side of it.
    post(**ADA)
    likely = explained(**KING)["confidence_score"]
    policies = {
        "allow_processing": {"flag": (1 + likely) / 2, "block": 1},
        "flag_for_review": {"flag": likely / 2, "block": (1 + likely) / 2},
        "reject_duplicate": {"flag": likely / 4, "block": likely / 2},
    }

    for action, policy in policies.items():
        client.put(
            f"/api/v1/lead-discovery/policies/{action}",
            query_string={"user_id": user_id},
            json={"policy": policy},
        )
        answer = explained(source_id=action, **KING)
        change = answer["match_details"]["counterfactual"]
        after = explained(source_id=action, **otherwise(KING, ADA, change))
        assert answer["action_taken"] == action
        assert after["action_taken"] == change["action_taken"] != action


def test_a_change_after_which_nobody_is_found_is_no_doubt(post, explained):
    # Without the mailbox and the company, no key leads to her: her name alone finds nobody.
    lead = {"name": "Theresa Thornbury", "email": "tt@alfa.example", "company": "Rynluxrion"}
    post(**lead, job_title="Engineer")
    change = explained(**lead, job_title="Engineer")["match_details"]["counterfactual"]

    assert change is not None
    after = explained(**otherwise(lead | {"job_title": "Engineer"}, lead, change))
    assert after["action_taken"] == change["action_taken"]
    assert as_likely_as_told(after, change)


def test_a_number_of_the_known_leads_counts_only_if_it_decides_whoever_else_has_it():
    own = Record(given="ada", family="lovelace", phone="+442079460958", national="2079460958")
    known = own._replace(phone="+442079460001", national="2079460001", born="1815-12-10")

    def judge(record, carriers=None, **options):
        """One owner of the number is proof, a crowd is none; a birthday is."""
        alike = record.phone == known.phone and not carriers
        return (0.9, "reject") if alike or record.born == known.born else (0.1, "allow")

    found = counterfactual.nearest(own, [known], {"name"}, (0.1, "allow"), judge)

    assert (found.fields, found.change) == (("date_of_birth",), counterfactual.AGREES)


def test_a_lead_with_hundreds_of_candidates_is_explained_while_others_wait():
    # 18 keys of 50 candidates; with all of them it took a second.
    alike = {"company": "Haus", "street": "Am Markt 1", "date_of_birth": "1984-05-17"}
    known = [
        Known(one, one, one, "form", NOON, read(colleague(number) | alike).record)
        for number, one in enumerate(uuid4() for _ in range(900))
    ]
    fields = colleague(3) | alike
    reached = verdict(Submission("form", fields, NOON), read(fields), known, ())

    started = thread_time()
    found = reached.counterfactual()

    assert found is not None
    assert thread_time() - started < 0.2


def test_what_cannot_be_explained_is_decided_and_stored_all_the_same(
    database, gate, user_id, stored
):
    def inexplicable(*arguments, **options):
        def broken():
            raise ZeroDivisionError

        return replace(verdict(*arguments, **options), counterfactual=Once(broken))

    two = [lead(gate, user_id, ADA), lead(gate, user_id, ADA)]
    answered = check(database, gate, user_id, two, rendered, judge=inexplicable)

    second = orjson.loads(answered[1].body)
    assert (second["action_taken"], second["check_skipped"]) == ("reject_duplicate", False)
    assert second["match_details"]["counterfactual"] is None
    assert len(stored.leads()) == 2


# Counts ------------------------------------------------------------------------------------------


def colleague(number):
    """Return one of many people who answer one switchboard: two names, one mailbox each."""
    first, last = _FIRST[number % len(_FIRST)], _LAST[number // len(_FIRST) % len(_LAST)]
    return {
        "name": f"{first} {last}",
        "email": f"{first}.{last}@haus{number}.example".lower(),
        "phone": SWITCHBOARD,
    }


_FIRST = ("Anton", "Birgit", "Cosmin", "Dorothea", "Emre", "Franziska", "Goran", "Hildegard")
_LAST = ("Aschenbrenner", "Bozkurt", "Czerny", "Dvorak", "Eichhorn", "Fujimoto")

ANYBODY = {"name": "Zacharias Oppenrieder", "email": "zo@anderswo.example", "phone": SWITCHBOARD}


def sharing(answer):
    """Return what the answer says of the telephone."""
    evidence = answer["match_details"]["evidence"]
    return next(e["explanation"] for e in evidence if e["comparison"] == "phone")


@pytest.mark.parametrize("people", [2, 4, 5, 12])
def test_the_people_behind_one_number_are_counted(post, explained, people):
    for number in range(people):
        assert post(**colleague(number))["action_taken"] == "allow_processing"
    post(**colleague(0))  # her second lead makes no second person

    assert sharing(explained(**ANYBODY)) == f"{people} people share this number."


def test_people_are_counted_beyond_those_who_are_compared(post, explained):
    given = (*_FIRST, "Ilse", "Joachim", "Katrin", "Leopold")
    names = [f"{first} {last}" for last in _LAST for first in given][:60]
    for number, name in enumerate(names):
        post(name=name, email=f"{name.replace(' ', '.')}@haus{number}.example", phone=SWITCHBOARD)

    assert sharing(explained(**ANYBODY)) == "60 people share this number."


def test_people_who_come_at_once_are_each_counted_once(post, explained):
    people = 40

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda number: post(**colleague(number)), range(people)))

    assert {answer["action_taken"] for answer in answers} == {"allow_processing"}
    assert sharing(explained(**ANYBODY)) == f"{people} people share this number."


def test_within_a_batch_those_before_it_are_counted(client, user_id):
    leads = [{"lead_data": colleague(number)} for number in range(6)]
    body = {"user_id": user_id, "source_id": "s", "leads": [*leads, {"lead_data": ANYBODY}]}

    answer = client.post(f"{PATH}/batch", json=body | {"options": {"explain": True}})

    assert sharing(answer.json["results"][-1]) == "6 people share this number."


def test_two_who_are_merged_count_as_one_until_they_are_two_again(
    post, explained, client, database, gate, user_id
):
    post(**ADA)
    for number in range(3):
        post(**colleague(number) | {"phone": ADA["phone"]})
    review_id = flagged(database, gate, user_id)["review_id"]
    anybody = ANYBODY | {"phone": ADA["phone"]}

    def counted(path, **said):
        answer = client.post(f"{REVIEWS}/{review_id}/{path}", json={"user_id": user_id, **said})
        assert answer.json["changed"], answer.json
        return sharing(explained(**anybody))

    assert sharing(explained(**anybody)) == "5 people share this number."
    assert counted("verdict", verdict="duplicate") == "4 people share this number."
    assert counted("reopen") == "5 people share this number."


def test_who_is_erased_is_not_counted_any_more(post, explained, owner, user_id):
    leads = [post(**colleague(number))["lead_id"] for number in range(4)]
    for lead_id in leads[1:3]:
        owner.execute(
            "DELETE FROM public.subjects WHERE tenant_id = %s AND id = "
            "(SELECT subject_id FROM public.leads WHERE id = %s)",
            [user_id, lead_id],
        )

    assert sharing(explained(**ANYBODY)) == "2 people share this number."


def test_the_count_of_then_is_read_back(post, decision):
    for number in range(3):
        post(**colleague(number))
    again = post(**colleague(0))
    post(**colleague(7))

    (phone,) = [e for e in decision(again["decision_id"])["evidence"] if e["comparison"] == "phone"]

    assert phone["values"] == {"people": 3}
    assert phone["explanation"] == "3 people share this number."


def test_a_crowd_of_namesakes_in_one_town_does_not_hide_who_has_the_number(
    post, explained, client, user_id
):
    town = {"city": "Kraków", "country": "PL", "postal_code": "30-001"}
    known = {"name": "Anna Kowalska", "email": "anna@alfa.example", "phone": "+48 601 234 568"}
    first = post(**known, **town)
    crowd = [
        {"name": f"Anna Kowalska{'' if n % 2 else '-Nowak'}", "email": f"box{n}@b{n}.example"}
        for n in range(200)
    ]
    leads = [{"lead_data": one | town} for one in crowd]
    client.post(f"{PATH}/batch", json={"user_id": user_id, "source_id": "s", "leads": leads})

    answer = explained(**known | town | {"email": "anna.new@gamma.example"})

    assert answer["duplicate_found"]
    assert answer["match_details"]["lead_id"] == first["lead_id"]


# Relations ---------------------------------------------------------------------------------------

AT_HOME = {"street": "12 Ngong Road", "city": "Nairobi", "country": "KE"}

RELATED = {
    "same_person": (ADA, ADA),
    "same_household": (
        {"name": "Wanjiru Kamau", "email": "wk@alfa.example", "phone": "+254 712 345 968"}
        | AT_HOME,
        {"name": "Otieno Kamau", "email": "ok@beta.example", "phone": "+254 712 345 968"} | AT_HOME,
    ),
    "same_organisation": PAIRS["colleagues"],
    "unrelated": (
        {"name": "Tomasz Zielonka", "email": "tz@alfa.example", "phone": "+48 601 234 568"},
        {"name": "Gwendolyn Pryce", "email": "gp@beta.example", "phone": "+48 601 234 568"},
    ),
}


@pytest.mark.parametrize(("relation", "pair"), RELATED.items(), ids=RELATED)
def test_how_two_people_are_related_is_named(post, explained, relation, pair):
    known, lead = pair
    post(**known)

    assert explained(**lead)["match_details"]["relation"] == relation


def test_whoever_wants_nothing_flagged_hears_all_the_same_who_it_is(
    post, explained, client, user_id
):
    post(**ADA)
    client.put(
        "/api/v1/lead-discovery/policies",
        query_string={"user_id": user_id},
        json={"policy": {"flag": 1, "block": 1}},
    )

    answer = explained(**ADA)

    assert answer["action_taken"] == "allow_processing"
    assert answer["match_details"]["relation"] == "same_person"


# Odd leads ---------------------------------------------------------------------------------------

ODD = {
    "an emoji": {"name": "😀"},
    "one letter": {"first_name": "x", "last_name": "y"},
    "500 characters": {"name": "Lovelace " * 55, "company": "x" * 500},
    "right to left": {"name": "محمد بن علي", "city": "\u202eabc"},
    "digits only": {"name": "12345 678", "company": "90"},
    "particles only": {"name": "von der de la"},
    "two scripts in one name": {"name": "李 Wang 小明"},
    "a template": {"name": "{people}", "company": "{", "city": "{0}", "job_title": "%s {people!r}"},
    "a wide template": {"name": "{people:>1000000000}", "message": "{people.__class__}"},
    "an endless number": {"phone": "1" * 200},
    "an extension alone": {"phone": "ext 5"},
    "digits of another script": {"phone": "٠١٢٣٤٥٦٧٨٩"},
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_odd_lead_is_compared_and_explained_like_any_other(post, explained, decision, odd):
    lead = {"email": "odd@analytical.example", "phone": SWITCHBOARD} | odd
    post(**lead)
    for number in range(3):
        post(**colleague(number))

    answer = post(**lead)
    stored = decision(answer["decision_id"])

    assert (answer["action_taken"], answer["check_skipped"]) == ("reject_duplicate", False)
    assert recomputed(stored) == pytest.approx(answer["match_details"]["match_probability"])
    sentences = [e["explanation"] for e in stored["evidence"]]
    assert not [said for said in sentences if "{" in said]


# Races -------------------------------------------------------------------------------------------


def by_nickname(number):
    return {
        "email": f"box{number}@post{number}.example",
        "name": ("Robert Quillfeather", "Bob Quillfeather", "Rob Quillfeather")[number % 3],
        "company": "Steelworks Ltd",
        "city": "Leeds",
    }


def by_romanisation(number):
    return {
        "email": f"box{number}@post{number}.example",
        "name": ("Юлия Петрова", "Yulia Petrova", "Julia Petrowa")[number % 3],
        "phone": "+7 921 555 31 74",
    }


def by_a_wrong_digit(number):
    return {
        "name": "Theodora Quillfeather",
        "phone": ("+44 20 7946 0958", "+44 20 7946 0957")[number % 2],
        "city": "Leeds",
    }


@pytest.mark.parametrize("twin", [by_nickname, by_romanisation, by_a_wrong_digit])
def test_of_fuzzy_twins_at_once_one_is_allowed(busy_database, gate, user_id, twin):
    assert test_race.allowed(busy_database, gate, user_id, twin) == 1
