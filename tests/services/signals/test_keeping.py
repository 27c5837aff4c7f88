"""What is detected of a lead is kept once, adds up, and is told when it is news."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from services.signals import keeping, store
from services.signals.behaviour_event import read
from services.signals.keeping import Order
from shared.errors import NotFound
from shared.privacy.gate import ConsentMissing, Gate
from shared.privacy.modes import MODES
from tests.services.leads.account import told
from tests.services.signals.wanting import RATES, Asking, says, signal


@pytest.fixture
def asking(app, user_id):
    return Asking(app, user_id)


@pytest.fixture
def keep(database, gate, user_id):
    """Keep what a text of a lead says; return the names of what was kept."""

    def keep(lead_id, assessment, text="We need a loan.", now=None, gate=gate, **more):
        order = Order(UUID(lead_id), more.pop("source", "content"), text, assessment, **more)
        return keeping.keep(database, gate, user_id, order, now or datetime.now(UTC))

    return keep


def test_a_lead_shows_what_its_text_says(asking, keep):
    lead_id = asking.lead()

    keep(lead_id, says(signal("loan_need", 80), signal("growth", 40)))

    strength, intent, needs = asking.shown(lead_id)
    assert (strength, needs) == (88, ["business_loan", "growth_capital"])
    assert 80 <= intent < 88
    (first, second) = asking.ask("GET", f"/leads/{lead_id}")["signals"]
    assert (first["signal_type"], first["content"]) == ("loan_need", "words of loan_need")
    assert second["signal_type"] == "growth"


def test_a_message_becomes_the_signals_of_its_lead(asking):
    lead_id = asking.lead()
    text = "We need a loan of 50,000 euros for a second oven."

    told = asking.detect(content=text, lead_id=lead_id)

    (found,) = told["loan_signals"]
    assert text[found["span"]["start"] : found["span"]["end"]] == found["content"]
    shown = asking.ask("GET", f"/leads/{lead_id}")
    assert shown["signals"][0]["id"] == found["id"]
    assert shown["lead"]["needs_identified"] == told["needs_identified"] == ["business_loan"]
    (kept,) = asking.history(lead_id)["detections"]
    assert (kept["id"], kept["language"], bool(kept["model"])) == (told["detection_id"], "en", True)


def test_lists_find_a_lead_by_what_was_detected(asking, keep):
    lead_id = asking.lead()
    keep(lead_id, says(signal(strength=80)))

    found = asking.ask("GET", "/leads", query={"min_signal_strength": 70})["leads"]

    assert [lead["id"] for lead in found] == [lead_id]
    assert found[0]["needs_identified"] == ["business_loan"]


def test_a_lead_that_is_listed_later_has_its_scores(asking, keep, database, gate, user_id):
    """No list was asked for before, so nothing has listed it."""
    lead_id = asking.lead()
    keep(lead_id, says(signal(strength=70)))

    assert asking.shown(lead_id)[:2] == (70, 70)


def test_signals_it_was_created_with_stay_beside_those_that_were_detected(asking, keep):
    given = [{"signal_type": "growth", "strength": 90, "content": "They hire."}]
    lead = asking.ask(
        "POST", "/leads", 201, email="grace@corp.example", name="Grace", signals=given
    )
    lead_id = lead["lead"]["id"]

    keep(lead_id, says(signal(strength=60)))

    shown = asking.ask("GET", f"/leads/{lead_id}")
    assert shown["lead"]["signal_strength"] == 90
    assert {one["signal_type"] for one in shown["signals"]} == {"growth", "loan_need"}


def test_the_latest_text_is_what_holds_and_the_history_stays(asking, keep):
    lead_id = asking.lead()
    keep(lead_id, says(signal("loan_need", 80)))
    keep(lead_id, says(signal("expansion", 50)), text="We open a second shop.")

    assert asking.shown(lead_id)[2] == ["expansion_financing"]
    latest, former = asking.history(lead_id)["detections"]
    assert (latest["holds"], former["holds"]) == (True, False)
    assert [one["type"] for one in former["signals"]] == ["loan_need"]


def test_a_page_takes_nothing_away_from_a_text(asking, keep):
    lead_id = asking.lead()
    keep(lead_id, says(signal("loan_need", 80)))
    keep(lead_id, says(signal("growth", 50)), text="A page.", source="url")

    assert asking.shown(lead_id)[2] == ["business_loan", "growth_capital"]


def test_the_same_sent_again_is_kept_once(asking, keep, database, user_id):
    lead_id = asking.lead()

    first, second = (keep(lead_id, says(signal())) for _ in range(2))

    assert first == second
    assert asking.history(lead_id)["count"] == 1
    assert len(told(database, user_id)) == 1


def test_the_same_sent_again_after_two_days_is_news(asking, keep):
    lead_id, now = asking.lead(), datetime.now(UTC)
    keep(lead_id, says(signal()), now=now - timedelta(hours=49))
    keep(lead_id, says(signal()), now=now)

    assert asking.history(lead_id)["count"] == 2


def test_an_empty_text_takes_nothing_away(asking, keep):
    lead_id = asking.lead()
    keep(lead_id, says(signal(strength=80)))

    assert keep(lead_id, says(), text=" ").detection_id is None
    assert asking.shown(lead_id)[0] == 80


def test_the_history_comes_in_pages(asking, keep):
    lead_id = asking.lead()
    for n in range(5):
        keep(lead_id, says(signal()), text=f"Text {n}.")

    first = asking.history(lead_id, limit=3)
    rest = asking.history(lead_id, limit=3, after=first["next_after"])

    assert (first["count"], rest["count"], rest["next_after"]) == (3, 2, None)
    ids = [one["id"] for one in first["detections"] + rest["detections"]]
    assert ids == sorted(ids, reverse=True)


# Events ------------------------------------------------------------------------------------------


def test_a_new_type_is_told_with_ids_and_scores_alone(asking, keep, database, user_id):
    lead_id = asking.lead()
    kept = keep(lead_id, says(signal("loan_need", 80)))

    assert told(database, user_id) == [
        (
            "signal.detected",
            lead_id,
            {
                "detection_id": str(kept.detection_id),
                "types": ["loan_need"],
                "signal_strength": 80,
                "intent_score": 80,
            },
        )
    ]


@pytest.mark.parametrize(("then", "events"), [(85, 1), (90, 2), (20, 1)])
def test_a_signal_is_told_again_once_it_rose_by_ten(asking, keep, database, user_id, then, events):
    lead_id = asking.lead()
    keep(lead_id, says(signal(strength=80)))
    keep(lead_id, says(signal(strength=then)), text="We really need a loan.")

    assert len(told(database, user_id)) == events


def test_a_text_without_signals_is_no_news(asking, keep, database, user_id):
    keep(asking.lead(), says())

    assert told(database, user_id) == []


def test_of_a_persons_own_finances_it_is_only_told_that_something_came(
    asking, keep, database, user_id
):
    lead_id = asking.lead()
    keep(lead_id, says(signal("financial_distress", 70), individual=True))

    ((_, _, data),) = told(database, user_id)
    assert "types" not in data
    assert asking.shown(lead_id)[2] == ["debt_advice"]


def test_what_somebody_did_tells_nothing_of_their_own_finances_either(
    asking, keep, database, user_id
):
    """Visits are nobody's by themselves; beside a private person's text they are that person's."""
    lead_id = asking.lead(consent=["lead_processing", "behavioural_tracking"])
    keep(lead_id, says(signal("financial_distress", 70), individual=True))

    asking.detect(lead_id=lead_id, metadata={"behavior": RATES})

    news = [data for _, _, data in told(database, user_id)]
    assert len(news) >= 2
    assert not any("types" in data or "behavior_types" in data for data in news)


# Privacy -----------------------------------------------------------------------------------------


def strict(gate):
    return Gate(MODES["gdpr_strict"], gate.keyring)


def test_without_the_consent_that_the_mode_asks_for_nothing_is_kept(asking, keep, gate):
    lead_id = asking.lead()

    with pytest.raises(ConsentMissing):
        keep(lead_id, says(signal()), gate=strict(gate))

    assert asking.history(lead_id)["count"] == 0


def test_with_that_consent_it_is_kept(asking, keep, gate):
    lead_id = asking.lead(consent=["lead_processing"])

    keep(lead_id, says(signal()), gate=strict(gate))

    assert asking.history(lead_id)["count"] == 1


def visited(strength):
    return replace(signal("loan_need", strength), source="behavioral_analysis")


@pytest.mark.parametrize(("first", "then", "is_told"), [(30, 49, 0), (30, 50, 1), (60, 70, 1)])
def test_behaviour_that_shows_much_more_interest_is_told(
    asking, keep, database, user_id, first, then, is_told
):
    lead_id = asking.lead(consent=["lead_processing", "behavioural_tracking"])
    for strength in (first, then):
        one = [{"type": "page_view", "url": f"/{strength}"}]
        seen = read(one).events
        keep(lead_id, says(behaviour=(visited(strength),)), text="", behaviour=one, events=seen)

    changed = [one[2] for one in told(database, user_id) if one[0] == "behavior.changed"]
    assert len(changed) - (first >= keeping.MUCH_MORE) == is_told
    if is_told:
        assert changed[-1] == {
            "behavior_score": then,
            "behavior_score_before": first,
            "behavior_types": ["page_view"],
        }


def test_behaviour_needs_a_consent_of_its_own(asking):
    lead_id = asking.lead(consent=["lead_processing"])

    error = asking.detect(403, content="Hello.", lead_id=lead_id, metadata={"behavior": RATES})

    assert "behavioural_tracking" in error["error"]["details"]["consent.purposes"]
    assert asking.history(lead_id)["count"] == 0


def test_behaviour_that_was_agreed_to_is_kept_and_shown(asking):
    lead_id = asking.lead(consent=["lead_processing", "behavioural_tracking"])

    answer = asking.detect(lead_id=lead_id, metadata={"behavior": RATES})
    again = asking.detect(lead_id=lead_id, metadata={"behavior": RATES})

    shown = asking.ask("GET", f"/leads/{lead_id}")
    assert {one["behavior_type"] for one in shown["behaviors"]} == {"page_view", "form_submit"}
    assert shown["signals"][0]["source"] == "behavioral_analysis"
    assert shown["lead"]["signal_strength"] == answer["signal_strength"] > 0
    assert again["detection_id"] == answer["detection_id"] is not None
    assert again["signals"][0]["id"] == answer["signals"][0]["id"]


def test_an_event_that_is_null_costs_the_others_nothing(asking):
    answer = asking.detect(metadata={"behavior": [None, *RATES]})

    assert [one["position"] for one in answer["ignored_behaviour"]] == [0]
    assert answer["loan_signals"]


def test_texts_and_words_are_sealed_and_the_beginning_alone_is_kept(
    asking, keep, gate, owner_conninfo, user_id
):
    lead_id = asking.lead()
    kept = keep(lead_id, says(signal(content="secret oven")), text="secret oven " * 1000)

    with psycopg.connect(owner_conninfo) as conn:
        query = "SELECT text FROM signals.detections WHERE tenant_id = %s"
        (sealed,) = conn.execute(query, [user_id]).fetchone()
        query = "SELECT content FROM signals.found WHERE tenant_id = %s"
        (content,) = conn.execute(query, [user_id]).fetchone()
    assert b"secret" not in bytes(sealed) + bytes(content)
    opened = gate.unseal(user_id, bytes(sealed), store.text_place(kept.detection_id))
    assert len(opened.decode()) == 4000


def test_what_was_detected_goes_with_the_lead(asking, keep, owner_conninfo, user_id):
    lead_id = asking.lead()
    keep(lead_id, says(signal()))

    with psycopg.connect(owner_conninfo) as conn:
        conn.execute("DELETE FROM public.leads WHERE id = %s", [lead_id])
        left = conn.execute(
            """
            SELECT tenant_id FROM signals.detections UNION ALL
            SELECT tenant_id FROM signals.found UNION ALL
            SELECT tenant_id FROM signals.scored
            """
        ).fetchall()
    assert (user_id,) not in left


@pytest.mark.parametrize("method", ["text", "behaviour"])
def test_a_lead_of_nobody_or_of_another_account_is_not_found(app, asking, user_id, method):
    theirs = Asking(app, f"{user_id}-other").lead()
    body = {"content": "x"} if method == "text" else {"metadata": {"behavior": RATES}}

    for lead_id in (theirs, str(uuid4())):
        asking.detect(404, lead_id=lead_id, **body)
        asking.ask("GET", f"/leads/{lead_id}/signals", 404)


def test_keeping_for_a_lead_that_went_meanwhile_keeps_nothing(keep):
    with pytest.raises(NotFound):
        keep(str(uuid4()), says(signal()))


def test_a_batch_keeps_what_is_a_leads(asking):
    lead_id = asking.lead()
    items = [{"content": "We sell bread.", "lead_id": lead_id}, {"content": "x"}]

    first, second = asking.detect(path="/webhook/leadfly/signal-detection/batch", items=items)[
        "results"
    ]

    assert first["detection_id"] == asking.history(lead_id)["detections"][0]["id"]
    assert second["detection_id"] is None


def test_two_detections_at_once_add_up_one_after_the_other(asking, busy_database, gate, user_id):
    lead_id = asking.lead()
    order = Order(UUID(lead_id), "content", "", says(signal("loan_need", 60)))

    def keep(number):
        texts = replace(order, text=f"Text {number}.", text_source=("content", "url")[number % 2])
        return keeping.keep(busy_database, gate, user_id, texts, datetime.now(UTC))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(keep, range(16)))

    held = [one for one in asking.history(lead_id)["detections"] if one["holds"]]
    assert sorted(one["source"] for one in held) == ["content", "url"]
    assert asking.shown(lead_id)[0] == 74  # 60, and 0.6 of a second one
