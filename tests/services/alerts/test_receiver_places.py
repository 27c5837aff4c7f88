"""Places and rests: what is slow or down takes nobody else's turn."""

from datetime import UTC, datetime, timedelta

from services.alerts.places import LONGEST_REST, Places, Rests

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_no_more_are_under_way_than_there_are_places():
    places = Places()

    most = {"a": 2}
    with places.taken(most) as first, places.taken(most) as second, places.taken(most) as third:
        assert (first, second, third) == (True, True, False)


def test_a_place_is_given_back_also_after_a_failure():
    places = Places()
    try:
        with places.taken({"a": 1}):
            raise RuntimeError
    except RuntimeError:
        pass

    with places.taken({"a": 1}) as free:
        assert free


def test_whoever_finds_no_place_takes_none_of_the_others():
    places = Places()

    with places.taken({"a": 1}), places.taken({"a": 1, "b": 1}) as refused:
        assert not refused
        with places.taken({"b": 1}) as free:
            assert free


def test_a_way_out_rests_after_three_failures_and_never_for_long():
    rests = Rests()
    for number in range(50):
        assert (rests.until("mail", NOW) is not None) == (number >= 3)
        rests.failed("mail", NOW)

    assert NOW < rests.until("mail", NOW) <= NOW + LONGEST_REST
    assert rests.until("mail", NOW + LONGEST_REST) is None


def test_one_success_ends_a_rest():
    rests = Rests()
    for _ in range(5):
        rests.failed("mail", NOW)

    rests.worked("mail")

    assert rests.until("mail", NOW) is None


def test_other_ways_out_do_not_rest():
    rests = Rests()
    for _ in range(5):
        rests.failed("mail", NOW - timedelta(seconds=1))

    assert rests.until("web", NOW) is None


def test_how_long_a_place_is_held_counts_from_the_first_who_has_it():
    now = [100.0]
    places = Places(clock=lambda: now[0])

    with places.taken({"a": 2}):
        now[0] = 103.0
        with places.taken({"a": 2}):
            now[0] = 104.0
            assert (places.held_for("a"), places.under_way("a")) == (4.0, 2)

    assert (places.held_for("a"), places.under_way("a")) == (0.0, 0)
