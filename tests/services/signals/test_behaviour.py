"""What behaviour says that somebody needs: added up, bounded, faded."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.signals.behaviour import (
    AGAINST,
    HALF_LIFE_DAYS,
    WEIGHTS,
    Event,
    behaviour_signals,
    high_value,
)
from services.signals.behaviour_words import STAGES
from services.signals.signal import Detection, Language, Signal, Span, Suppressed

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def viewed(url, days_ago=0.0, **fields):
    return Event("page_view", NOW - timedelta(days=days_ago), url, **fields)


def strength(*events, kind="loan_need"):
    return next((s.strength for s in behaviour_signals(events, NOW) if s.type == kind), 0)


def confidence(*events, kind="loan_need"):
    return next((s.confidence for s in behaviour_signals(events, NOW) if s.type == kind), 0.0)


def test_no_rates_page_is_read_into_corporate_and_generated():
    assert behaviour_signals([viewed("/corporate-strategy/generated")], NOW) == ()


def test_a_signal_says_what_it_was_read_from():
    (signal,) = behaviour_signals([viewed("https://b.example/loans/rates?u=ada")], NOW)

    assert (signal.type, signal.category, signal.source) == (
        "loan_need",
        "behavior",
        "behavioral_analysis",
    )
    assert signal.content == "page_view /loans/rates"
    assert signal.rule == "page_view:rates"
    assert signal.span is None


def test_a_form_and_a_search_are_categories_of_their_own():
    form = Event("form_submit", NOW, "/loans/apply")
    search = Event("search", NOW, query="merchant cash advance")

    assert [s.category for s in behaviour_signals([form], NOW)] == ["form"]
    assert [s.category for s in behaviour_signals([search], NOW)] == ["search"]


def test_an_application_is_worth_more_than_a_calculator_than_rates_than_a_blog():
    asked = strength(Event("form_submit", NOW, "/loans/apply"))
    counted = strength(viewed("/loans/calculator"))
    rates = strength(viewed("/loans/rates"))
    blog = strength(viewed("/blog/loans"))

    assert asked > counted > rates > blog > 0


def test_a_careers_page_is_nobodys_need():
    assert behaviour_signals([viewed("/careers/loans"), viewed("/jobs/lending")], NOW) == ()


def test_an_application_for_a_job_adds_nothing_to_a_need():
    applied = Event("form_submit", NOW, "/careers/apply")

    assert strength(viewed("/loans"), applied) == strength(viewed("/loans"))


def test_there_is_one_signal_a_type_at_most():
    found = behaviour_signals(
        [viewed("/loans"), viewed("/loans/rates"), viewed("/consulting")], NOW
    )

    assert sorted(s.type for s in found) == ["consulting_need", "loan_need"]


def test_distinct_pages_say_more_than_reloads():
    reloads = strength(*[viewed("/loans")] * 3)
    distinct = strength(viewed("/loans"), viewed("/lending"), viewed("/refinancing"))

    assert strength(viewed("/loans")) < reloads < distinct


def test_a_thousand_blog_posts_are_still_no_application():
    posts = [viewed(f"/blog/loans-{number}") for number in range(1000)]

    assert strength(*posts) < strength(viewed("/loans/apply"))


def test_an_event_is_worth_half_after_its_half_life():
    now, then = viewed("/loans/rates"), viewed("/loans/rates", HALF_LIFE_DAYS)

    assert strength(then) == pytest.approx(strength(now) / 2, abs=1)
    assert confidence(then) == confidence(now)


def test_what_was_done_months_ago_is_no_signal():
    assert behaviour_signals([viewed("/loans/rates", 90)], NOW) == ()


def test_no_time_and_a_time_to_come_are_now():
    assert (
        strength(Event("page_view", None, "/loans"))
        == strength(viewed("/loans", -3))
        == strength(viewed("/loans"))
    )


def test_a_page_without_a_subject_counts_beside_one_that_has_it():
    contact = Event("form_submit", NOW, "/contact")

    assert behaviour_signals([contact], NOW) == ()
    assert strength(viewed("/loans"), contact) > strength(viewed("/loans"))


def test_mails_that_are_answered_add_and_mails_that_are_refused_take_away():
    loans = viewed("/loans")

    assert strength(loans, Event("email_click", NOW, "/pricing")) > strength(loans)
    assert strength(loans, Event("email_open", NOW)) > strength(loans)
    for against in AGAINST:
        assert strength(loans, Event(against, NOW)) < strength(loans)


def test_a_form_is_known_by_its_name():
    assert strength(Event("form_submit", NOW, "/p/17", name="Business loan application")) > 60


@pytest.mark.parametrize(
    ("query", "types"),
    [
        ("kredit für bäckerei", ["loan_need"]),
        ("consultoría para pymes", ["consulting_need"]),
        ("surendettement entreprise que faire", ["financial_distress"]),
        ("abrir nova filial", ["expansion"]),
        ("best pizza near me", []),
    ],
)
def test_searches_are_read_in_five_languages(query, types):
    assert [s.type for s in behaviour_signals([Event("search", NOW, query=query)], NOW)] == types


def heard(text):
    """A detection that sees a loan denied and growth said."""
    suppressed = Suppressed("loan_need", "loan", Span(0, 4), "r", "negated")
    signal = Signal("growth", "content", "content_analysis", text, 50, 0.5, "r")
    return Detection(Language("en", True), (signal,), (suppressed,))


def test_a_search_that_is_a_sentence_is_read_as_one():
    asked = Event("search", NOW, query="we do not need a loan we grow")

    assert [s.type for s in behaviour_signals([asked], NOW, heard)] == ["growth"]


def test_a_short_search_is_not_read_as_a_sentence():
    asked = Event("search", NOW, query="business loan")

    assert [s.type for s in behaviour_signals([asked], NOW, heard)] == ["loan_need"]


@pytest.mark.parametrize(
    ("event", "high"),
    [
        (Event("email_click", url="/loans/apply"), True),
        (Event("email_click", url="/pricing"), True),
        (Event("email_click", url="/angebot"), True),
        (Event("email_click", url="/demo"), True),
        (Event("email_reply"), True),
        (Event("form_submit"), True),
        (Event("email_click", url="/blog/loans"), False),
        (Event("email_click", url="/careers/apply"), False),
        (Event("email_click"), False),
        (Event("email_open", url="/loans/apply"), False),
    ],
)
def test_what_a_salesperson_should_see_today(event, high):
    assert high_value(event) is high


def test_every_type_of_event_has_a_weight_for_every_stage():
    assert {len(weights) for weights in WEIGHTS.values()} == {len(STAGES)}
    for weights in WEIGHTS.values():
        assert list(weights) == sorted(weights, reverse=True)


# What holds of any behaviour ---------------------------------------------------------------------

URLS = ["/loans", "/loans/apply", "/lending/rates", "/blog/loans", "/contact", "/pricing", "/x"]
URLS += ["/consulting", "/careers/loans", ""]
EVENTS = st.builds(
    Event,
    st.sampled_from(sorted(WEIGHTS)),
    st.none() | st.integers(-5, 200).map(lambda days: NOW - timedelta(days=days)),
    st.sampled_from(URLS),
    st.sampled_from(["", "", "", "business loan", "pizza"]),
)


def said(events):
    return {s.type: (s.strength, s.confidence) for s in behaviour_signals(events, NOW)}


@settings(deadline=None)
@given(st.lists(EVENTS, max_size=12), EVENTS)
def test_another_event_never_lowers_a_signal(events, another):
    before, after = said(events), said([*events, another])

    for kind, (strong, sure) in before.items():
        assert after[kind][0] >= strong
        assert after[kind][1] >= sure


@settings(deadline=None)
@given(st.lists(EVENTS, min_size=1, max_size=12), st.integers(0, 100))
def test_an_older_event_never_raises_a_signal(events, days):
    older = replace(events[0], at=(events[0].at or NOW) - timedelta(days=days))

    after = said([older, *events[1:]])

    before = said(events)
    for kind, (strong, _) in after.items():
        assert before[kind][0] >= strong


@settings(deadline=None)
@given(st.lists(EVENTS, max_size=12))
def test_the_order_of_events_does_not_matter(events):
    assert said(events) == said(events[::-1])


@settings(deadline=None)
@given(st.lists(EVENTS, max_size=12))
def test_strength_never_exceeds_confidence(events):
    for strong, sure in said(events).values():
        assert 0 < strong <= 95
        assert strong <= 100 * sure + 0.6
