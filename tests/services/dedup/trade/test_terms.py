"""Terms: of each setting the most particular scope holds, and what they may not say together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dedup.trade.book_reading import read
from services.dedup.trade.contradictions import NESTED, contradictions
from services.dedup.trade.deal import Deal
from services.dedup.trade.terms import NO_TERMS, ORDER, Book, Scope, Terms, covering
from services.dedup.trade.terms_schema import SPANS, change
from shared.errors import Malformed, Meaningless

NAMES = st.sampled_from(["", "a", "b"])

SCOPES = st.builds(Scope, NAMES, NAMES, NAMES)


def of(book, scope):
    return book.of(scope.source_id, Deal(scope.buyer_id, scope.campaign_id))


def faults(**settings):
    """Return by field what is wrong with *settings*."""
    with pytest.raises(Meaningless) as refused:
        change(settings, Scope())
    return refused.value.details


def rule(**said):
    return {"within_days": 30} | said


# Which holds --------------------------------------------------------------------------------------


def test_the_most_particular_scope_comes_first():
    assert list(covering(Scope("s", "b", "c"))) == [
        Scope("s", "b", "c"),
        Scope("", "b", "c"),
        Scope("s", "b", ""),
        Scope("s", "", "c"),
        Scope("", "b", ""),
        Scope("", "", "c"),
        Scope("s", "", ""),
        Scope(),
    ]


@given(SCOPES)
def test_a_lead_is_covered_by_each_scope_once_and_by_the_account_last(scope):
    found = list(covering(scope))

    assert len(set(found)) == len(found) == 2 ** sum(map(bool, scope)) <= len(ORDER)
    assert found[0] == scope and found[-1] == Scope()
    assert [sum(map(bool, each)) for each in found] == sorted(
        (sum(map(bool, each)) for each in found), reverse=True
    )


def test_of_each_setting_the_most_particular_scope_holds_that_says_something():
    book = Book(
        {
            Scope(): Terms(zone="UTC", return_days=30, lookback=()),
            Scope(source_id="s"): Terms(return_days=7),
            Scope(buyer_id="b"): Terms(zone="Europe/Berlin"),
        }
    )

    holds = of(book, Scope("s", "b"))

    assert (holds.zone, holds.return_days, holds.lookback) == ("Europe/Berlin", 7, ())
    assert holds.origin == {
        "zone": Scope(buyer_id="b"),
        "return_days": Scope(source_id="s"),
        "lookback": Scope(),
    }


def test_what_is_said_to_be_nothing_is_said():
    book = Book({Scope(): Terms(return_days=30), Scope(buyer_id="b"): Terms(return_days=0)})

    assert of(book, Scope("s", "b")).return_days == 0


@given(st.dictionaries(SCOPES, st.builds(Terms, zone=st.sampled_from([None, "UTC"]))), SCOPES)
def test_terms_of_other_names_never_hold(by_scope, scope):
    holds = of(Book(by_scope), scope)

    for whose in holds.origin.values():
        assert all(said in ("", name) for said, name in zip(whose, scope, strict=True))
    assert holds == NO_TERMS or holds.origin


@pytest.mark.parametrize(
    ("scope", "whose"),
    [
        (Scope(), "account"),
        (Scope("s"), "source"),
        (Scope("s", "", "c"), "campaign"),
        (Scope("s", "b", "c"), "buyer"),
    ],
)
def test_a_scope_is_told_by_the_name_that_counts_most(scope, whose):
    assert scope.whose == whose


# What makes no sense ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"lookbacks": []}, "lookbacks"),
        ({"lookback": [rule(key=["email"])]}, "lookback[0].key"),
        ({"lookback": [{}]}, "lookback[0].within_days"),
        ({"lookback": [rule(within_days=0)]}, "lookback[0].within_days"),
        ({"lookback": [rule(within_days="30")]}, "lookback[0].within_days"),
        ({"lookback": [rule(keys=[])]}, "lookback[0].keys"),
        ({"lookback": [rule(keys=["shoe_size"])]}, "lookback[0].keys[0]"),
        ({"lookback": [rule(keys=["email", "email"])]}, "lookback[0].keys"),
        ({"lookback": [rule(keys=["person"], match="all")]}, "lookback[0].match"),
        ({"lookback": [rule(across="listed")]}, "lookback[0].sources"),
        ({"lookback": [rule(sources=["s"])]}, "lookback[0].sources"),
        ({"lookback": [rule(across="buyer")]}, "lookback[0].across"),
        ({"lookback": [rule(across="campaign")]}, "lookback[0].across"),
        ({"lookback": [rule(), rule(on_hit="flag")]}, "lookback[1]"),
        ({"lookback": [rule(), rule(within_days=7, on_hit="flag")]}, "lookback[1]"),
        ({"lookback": [rule()] * 11}, "lookback"),
        ({"caps": [{"most": 1, "per": "day"}, {"most": 2, "per": "day"}]}, "caps[1].per"),
        ({"caps": [{"most": 2, "per": "day"}, {"most": 1, "per": "month"}]}, "caps[0].most"),
        ({"caps": [{"most": 1, "per": "month"}, {"most": 2, "per": "day"}]}, "caps[1].most"),
        ({"caps": [{"most": -1, "per": "day"}]}, "caps[0].most"),
        ({"caps": [{"most": 1, "per": "year"}]}, "caps[0].per"),
        ({"caps": [{"most": True, "per": "day"}]}, "caps[0].most"),
        ({"schedule": [{"day": "monday", "begins": "09:00", "ends": "09:00"}]}, "schedule[0].ends"),
        ({"schedule": [{"day": "monday", "begins": "9", "ends": "17:00"}]}, "schedule[0].begins"),
        ({"schedule": [{"day": "mon", "begins": "09:00", "ends": "17:00"}]}, "schedule[0].day"),
        (
            {
                "schedule": [
                    {"day": "monday", "begins": "12:00", "ends": "24:00"},
                    {"day": "monday", "begins": "09:00", "ends": "12:01"},
                ]
            },
            "schedule[1].begins",
        ),
        ({"zone": "Europe/Atlantis"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"return_days": 366}, "return_days"),
        ({"return_reasons": ["a", "a"]}, "return_reasons"),
        ({"return_reasons": [""]}, "return_reasons[0]"),
        ({"return_days": 0, "return_reasons": ["a"]}, "return_days"),
        ({"buyer_id": "b" * 129, "zone": "UTC"}, "buyer_id"),
        ({}, "body"),
        ({"zone": None}, "body"),
    ],
)
def test_what_makes_no_sense_is_told_by_its_field(settings, field):
    assert list(faults(**settings)) == [field]


@pytest.mark.parametrize(
    "settings",
    [
        {"lookback": [rule(), rule(within_days=365, on_hit="flag")]},
        {"lookback": [rule(), rule(against="all", on_hit="flag")]},
        {"lookback": [rule(across="listed", sources=["s", "t"])]},
        {"lookback": [rule(keys=["person", "ip"], match="all")]},
        {"lookback": []},
        {"caps": [{"most": 60, "per": "week"}, {"most": 50, "per": "month"}]},
        {"caps": [{"most": 0, "per": "total"}]},
        {"schedule": [{"day": "monday", "begins": "00:00", "ends": "24:00"}]},
        {
            "schedule": [
                {"day": "monday", "begins": "13:00", "ends": "17:00"},
                {"day": "monday", "begins": "09:00", "ends": "13:00"},
                {"day": "tuesday", "begins": "09:00", "ends": "24:00"},
            ]
        },
        {"zone": "Asia/Kathmandu", "return_days": 14, "return_reasons": ["wrong_number"]},
    ],
)
def test_what_makes_sense_is_taken_and_read_again(settings):
    scope, stored = change(settings, Scope("s"))

    assert scope == Scope("s")
    assert contradictions(scope, read(stored)) == {}


@pytest.mark.parametrize("across", ["buyer", "campaign"])
def test_a_rule_across_a_buyer_or_campaign_stands_in_terms_of_one(across):
    settings = {"lookback": [rule(across=across)]}

    assert change(settings, Scope("", "b", "c"))[1]["lookback"][0]["across"] == across


def test_a_scope_may_be_named_by_body_or_query_and_not_by_two_names():
    assert change({"zone": "UTC", "buyer_id": "b"}, Scope("s"))[0] == Scope("s", "b")
    with pytest.raises(Malformed) as refused:
        change({"zone": "UTC", "buyer_id": "b"}, Scope("", "other"))
    assert list(refused.value.details) == ["buyer_id"]


def test_every_span_nests_in_the_total():
    assert {narrow for narrow, wide in NESTED if wide == "total"} == set(SPANS) - {"total"}


def test_what_a_later_version_set_is_ignored():
    assert read({"zone": "UTC", "telepathy": 1}) == Terms(zone="UTC")
