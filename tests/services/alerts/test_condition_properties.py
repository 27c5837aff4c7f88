"""What holds of all conditions and all happenings."""

import json
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerts.comparisons import compared
from services.alerts.condition_reading import reading, understood
from services.alerts.conditions import compiled
from shared.errors import Malformed, Meaningless, ServiceError
from shared.great_circle import distance_km
from tests.services.alerts.happenings import happened

WORDS = st.sampled_from(
    [
        *("all", "any", "not", "exists", "contains", "starts_with", "near", "location", "industry"),
        *("min_intent_score", "max_intent_score", "status", "tags", "data.x", "min_data.x"),
        *("during", "timezone", "from", "days", "count", "at_least", "minutes", "by"),
        *("place", "radius_km"),
    ]
)

PLAIN = (
    st.none() | st.booleans() | st.integers(-5, 120) | st.floats() | st.sampled_from(["new", "vip"])
)

ANY_JSON = st.recursive(
    PLAIN | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(WORDS | st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=15,
)

LEAVES = st.one_of(
    st.fixed_dictionaries({"min_intent_score": st.integers(0, 100)}),
    st.fixed_dictionaries({"max_signal_strength": st.integers(0, 100)}),
    st.fixed_dictionaries({"status": st.sampled_from(["new", "lost", ["new", "lost"]])}),
    st.fixed_dictionaries({"tags": st.sampled_from(["vip", "beta"])}),
    st.fixed_dictionaries({"data.x": st.integers(0, 3)}),
    st.fixed_dictionaries({"industry": st.sampled_from(["retail", "52"])}),
    st.fixed_dictionaries({"location": st.sampled_from(["Texas", "Austin, TX"])}),
    st.fixed_dictionaries({"exists": st.sampled_from(["status", "tags"])}),
)

TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"not": inner}),
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)}),
    ),
    max_leaves=6,
)

FACTS = st.fixed_dictionaries(
    {},
    optional={
        "intent_score": st.integers(0, 100),
        "signal_strength": st.floats(0, 100),
        "status": st.sampled_from(["new", "lost"]),
        "tags": st.lists(st.sampled_from(["vip", "beta"]), max_size=2).map(tuple),
        "data.x": st.integers(0, 3) | st.booleans() | st.text(max_size=2),
        "industry": st.sampled_from(["44", "4451", "522", "72"]),
        "country": st.sampled_from(["US", "DE"]),
        "admin1": st.sampled_from(["TX", "BY"]),
        "latitude": st.floats(-90, 90),
        "longitude": st.floats(-180, 180),
    },
)

WILD = st.dictionaries(
    st.sampled_from(["intent_score", "status", "tags", "data.x", "industry", "latitude"]),
    st.none() | st.booleans() | st.floats() | st.text(max_size=4) | st.just(("a",)),
)


def as_read(conditions):
    """Return the conditions, or None where they contradict each other."""
    try:
        return reading(conditions, "custom")
    except Meaningless:
        return None


def turned(conditions, order):
    """Return the same conditions, their keys and lists in another order."""
    if isinstance(conditions, dict):
        names = list(conditions)
        order.shuffle(names)
        return {name: turned(conditions[name], order) for name in names}
    if isinstance(conditions, list):
        return [turned(one, order) for one in order.sample(conditions, len(conditions))]
    return conditions


@settings(deadline=None, max_examples=400)
@given(ANY_JSON)
def test_whatever_somebody_writes_is_read_or_refused_by_name(conditions):
    try:
        tree = understood(conditions, "custom")
    except (Malformed, Meaningless) as refused:
        assert refused.details
        assert all(name.startswith("conditions") for name in refused.details)
    else:
        assert compiled(tree).verdict(happened()) in (True, False, None)


@settings(deadline=None, max_examples=200)
@given(TREES, FACTS | WILD)
def test_whatever_happens_is_judged_with_reasons(conditions, facts):
    read = as_read(conditions)

    if read:
        assert read.verdict(happened(**facts)) in (True, False, None)
        assert all(isinstance(one, str) and one for one in read.why(happened(**facts)))
        assert read.why(happened(**facts))


@settings(deadline=None, max_examples=200)
@given(TREES, FACTS)
def test_what_is_not_not_so_is_so(conditions, facts):
    read, twice = as_read(conditions), as_read({"not": {"not": conditions}})

    if read and twice:
        assert read.verdict(happened(**facts)) is twice.verdict(happened(**facts))
        assert read.why(happened(**facts)) == twice.why(happened(**facts))


@settings(deadline=None, max_examples=200)
@given(TREES, TREES, FACTS)
def test_not_both_is_one_or_the_other_not(one, other, facts):
    neither = as_read({"not": {"all": [one, other]}})
    either = as_read({"any": [{"not": one}, {"not": other}]})

    if neither and either:
        assert neither.verdict(happened(**facts)) is either.verdict(happened(**facts))


@settings(deadline=None, max_examples=200)
@given(TREES, FACTS, st.integers(0, 1000))
def test_the_order_in_which_conditions_are_written_changes_nothing(conditions, facts, seed):
    read, again = as_read(conditions), as_read(turned(conditions, random.Random(seed)))

    assert (read is None) == (again is None)
    if read:
        assert read.verdict(happened(**facts)) is again.verdict(happened(**facts))


@settings(deadline=None, max_examples=200)
@given(TREES, FACTS, st.data())
def test_to_learn_more_never_turns_a_verdict_round(conditions, facts, data):
    read = as_read(conditions)
    less = {name: value for name, value in facts.items() if data.draw(st.booleans())}

    # What asks whether a fact is known is answered otherwise once it is.
    if read and "exists" not in str(conditions):
        before, after = read.verdict(happened(**less)), read.verdict(happened(**facts))
        assert before is None or before is after


@settings(deadline=None, max_examples=100)
@given(TREES)
def test_what_is_read_once_is_plain_json(conditions):
    try:
        tree = understood(conditions, "custom")
    except ServiceError:
        return
    assert json.loads(json.dumps(tree)) == tree


@settings(deadline=None, max_examples=500)
@given(
    st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
    st.floats(1, 500),
    st.tuples(st.floats(-6, 6), st.floats(-400, 400)),
)
def test_a_circle_holds_what_is_no_further_than_its_radius(middle, radius_km, away):
    latitude = max(-90.0, min(90.0, middle[0] + away[0]))
    longitude = (middle[1] + away[1] + 180) % 360 - 180
    leaf = {"is": "near", "name": "there", "latitude": middle[0], "longitude": middle[1]}
    near = compared({**leaf, "radius_km": radius_km})

    found = near.verdict(happened(latitude=latitude, longitude=longitude))

    assert found is (distance_km(*middle, latitude, longitude) <= radius_km)
