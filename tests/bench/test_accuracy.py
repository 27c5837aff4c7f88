"""The accuracy benchmark counts what it says: right and wrong, by kind, with honest intervals."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.accuracy import cases, changes, engine, measures, pairs, report, scoring, streams
from bench.accuracy.measures import Rate, Scored
from bench.accuracy.peers import beside, run, table
from bench.accuracy.peers.run import Peer
from bench.leads.arrival import Arrival
from services.dedup.store import CANDIDATES_PER_KEY

START = datetime(2026, 1, 5, 9, tzinfo=UTC)

ADA = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada.lovelace@gmail.com",
    "phone": "+44 20 7946 0958",
}
GRACE = {"name": "Grace Hopper", "email": "grace@hopper.example", "company": "Hopper Ltd"}


def arrival(minutes=0, lead=None, person=1, kind="first", **changes):
    known = {"known": kind.startswith("dup:"), "country": "GB", "group": "western_europe"}
    about = {"ip": None, "source_id": "web"} | known | changes
    at = START + timedelta(minutes=minutes)
    return Arrival(lead=lead or ADA, submitted_at=at, person=person, kind=kind, **about)


def case(probability, known, position=0, **changes):
    kind = changes.pop("kind", "dup:again" if known else "first")
    acted = changes.pop("acted", probability >= 0.6)
    about = arrival(kind=kind, known=known, ambiguous=changes.pop("ambiguous", False))
    return Scored(position, about, probability, acted=acted, **changes)


@pytest.fixture
def again():
    """Ada, Grace, and Ada once more."""
    return [
        arrival(0),
        arrival(30, GRACE, person=2),
        arrival(60, ADA | {"email": "Ada.Lovelace+x@gmail.com"}, kind="dup:plus_tag", of=0),
    ]


def test_a_person_who_comes_again_is_caught_and_counted_as_right(again):
    found = list(scoring.scored(again))

    assert [each.acted for each in found] == [False, False, True]
    assert found[2].right and found[2].reachable and found[2].blocked
    assert measures.headline(found)["accuracy"] == Rate(3, 3)


def test_a_rejected_duplicate_is_a_record_of_the_known_person(again):
    *_, last = engine.run([*again, arrival(90, kind="dup:exact")])

    assert {known.known.subject_id.int for known in last.outcome.verdict.compared} == {1}
    assert sorted(position for position, _ in last.compared) == [0, 2]


def test_no_more_than_the_newest_of_a_key_are_candidates():
    many = [arrival(n, person=1, kind="dup:exact") for n in range(CANDIDATES_PER_KEY + 20)]

    *_, last = engine.run(many)

    newest = range(len(many) - 1 - CANDIDATES_PER_KEY, len(many) - 1)
    assert sorted(position for position, _ in last.compared) == list(newest)


def test_velocity_counts_the_leads_before():
    burst = [
        arrival(0, {"email": f"one{n}@example.org"}, person=n, ip="203.0.113.9") for n in range(12)
    ]

    *_, last = scoring.scored(burst)

    assert last.risk_only and not last.acted


def test_a_lead_that_the_service_refuses_is_not_acted_on_and_said_to_be_refused():
    (found,) = scoring.scored([arrival(0, {"email": "nobody"})])

    assert found.refused and not found.acted


def test_a_pair_carries_its_levels_and_the_truth(again, tmp_path):
    out = tmp_path / "pairs.jsonl"

    counted = pairs.export([(7, again)], out)

    (row,) = map(orjson.loads, out.read_bytes().splitlines())
    assert counted == (1, 1)
    assert (row["seed"], row["earlier"], row["later"], row["same"]) == (7, 0, 2, True)
    assert {"email", "phone", "name"} <= {comparison for comparison, _, _ in row["evidence"]}


def test_cases_show_both_leads_and_the_evidence(again):
    text = "\n".join(cases.worst(list(scoring.scored(again)), again, "dup:"))

    assert "dup:plus_tag: 0 wrong of 1" in text
    assert "Ada.Lovelace+x@gmail.com" in text and "ada.lovelace@gmail.com" in text
    assert "email same" in text and "first" not in text.split("=====")[1].splitlines()[0]


def test_a_miss_that_was_no_candidate_says_so():
    stranger = {"email": "x@y.example", "name": "Zoe"}
    missed = [arrival(0), arrival(1, stranger, kind="dup:lost", of=0)]

    text = "\n".join(cases.worst(list(scoring.scored(missed)), missed, "dup:"))

    assert "WRONG" in text and "keys in common: none; NO CANDIDATE" in text


def test_the_report_marks_what_misses_its_goal():
    judged = [case(0.1, known=True, kind="dup:lost")] * 10 + [case(0.0, known=False)] * 10

    lines = {
        line.split()[0]: line for line in report.text("t", judged).splitlines() if line.strip()
    }

    assert lines["dup:lost"].endswith(report.MARK)
    assert not lines["first"].endswith(report.MARK)


def test_ambiguous_leads_are_counted_apart():
    judged = [case(0.9, known=False, ambiguous=True), case(0.0, known=False)]

    assert measures.headline(measures.decidable(judged))["fpr_flag"] == Rate(0, 1)
    assert report.summary("t", judged)["arrivals"] == 2


def test_recall_at_a_false_positive_rate_lets_so_many_new_leads_through():
    new = [case(p, known=False) for p in (0.99, 0.5, *[0.0] * 198)]
    known = [case(p, known=True) for p in (1.0, 0.7, 0.5, 0.4)]

    recall, threshold = measures.recall_at([*new, *known], limit=0.005)

    assert recall == Rate(2, 4)
    assert threshold == 0.7


def test_recall_needs_a_match():
    nobody = [case(0.0, known=False), case(0.0, known=True)]

    assert measures.recall_at(nobody, limit=1.0)[0] == Rate(0, 1)


def test_wilsons_interval_is_the_textbooks():
    low, high = Rate(8, 10).interval

    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)


@given(st.integers(0, 500), st.integers(0, 500))
def test_an_interval_holds_its_share(hits, misses):
    low, high = Rate(hits, hits + misses).interval

    assert 0 <= low <= Rate(hits, hits + misses).share + 1e-12
    assert Rate(hits, hits + misses).share - 1e-12 <= high <= 1


def test_a_calibrated_probability_has_no_calibration_error():
    told = [case(0.75, known=n % 4 != 0) for n in range(400)]
    bold = [case(0.95, known=n % 4 != 0) for n in range(400)]

    assert measures.calibration_error(measures.calibration(told)) == pytest.approx(0.0)
    assert measures.calibration_error(measures.calibration(bold)) == pytest.approx(0.2)
    assert measures.calibration_error(measures.by_count(told)) < 0.05


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.3, 0.6, 0.9]), st.booleans()), min_size=1))
def test_no_threshold_does_better_than_the_best(drawn):
    judged = [case(probability, known) for probability, known in drawn]

    best = measures.best_accuracy(judged)

    assert best.hits == max(
        sum((c.probability >= threshold and c.probability > 0) == c.arrival.known for c in judged)
        for threshold in (0.0, 0.3, 0.6, 0.9, 1.1)
    )


def test_a_peers_table_has_parts_of_names_and_the_number_as_we_read_it():
    row = run._row(
        arrival(lead={"name": "Ada King Lovelace", "phone": "020 7946 0958", "country": "GB"})
    )

    assert (row["first_name"], row["last_name"]) == ("ada", "lovelace")
    assert row["phone"] == "+442079460958"
    assert set(row) == set(table.COLUMNS)


def test_a_peer_scores_a_lead_by_its_best_earlier_one(tmp_path, again):
    out = tmp_path / "scores.json"

    table.write(out, "peer", "1", 0.5, [(2, 0, 0.9), (2, 1, 0.3), (0, 1, 0.4)])

    found = orjson.loads(out.read_bytes())
    judged = [run._scored(n, each, again, found) for n, each in enumerate(again)]
    assert [each.acted for each in judged] == [False, False, True]
    assert judged[2].right


def test_a_peer_that_fails_is_named():
    text = beside.text(
        "t", [Peer("this check", [case(0.0, known=False)]), Peer("other", failure="X")]
    )

    assert "[1] other" in text and "NOT RUN: X" in text


def test_two_runs_show_the_kinds_that_moved_alone():
    before = {"leads/1": report.summary("t", [case(0.1, known=True), case(0.0, known=False)])}
    after = {"leads/1": report.summary("t", [case(0.9, known=True), case(0.0, known=False)])}

    text = "\n".join(changes.text(before, after))

    assert "dup:again" in text and "(0 of 1 -> 1 of 1)" in text
    assert "first" not in text


def test_a_peer_that_failed_has_a_summary_too():
    assert beside.summary([Peer("other", failure="X")]) == [{"title": "other", "failure": "X"}]


def test_a_generator_that_is_not_there_is_named():
    with pytest.raises(streams.NoGenerator, match="nobody"):
        streams.arrivals("nobody", 1, 10)
