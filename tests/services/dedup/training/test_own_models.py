"""An account's own model: it decides soon, says its version, and can be taken back."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.dedup import linkage
from services.dedup.model import STANDARD, Model
from services.dedup.policy_cache import SECONDS, PolicyCache
from services.dedup.training import model_store, reading, training
from services.dedup.training.labelled import LEAST, LEAST_GROUPS
from shared.errors import Meaningless, NotFound
from tests.services.dedup.flagged import REVIEWS, flagged

MODELS = "/api/v1/lead-discovery/models"

ADA = {"email": "ada@analytical.example", "first_name": "Ada", "last_name": "Lovelace"}


def own(prior=-5.0, **changed):
    weights = {name: dict(levels) for name, levels in STANDARD.weights.items()}
    for place, weight in changed.items():
        comparison, level = place.split("__")
        weights[comparison][level] = weight
    return Model("elsewhere", prior, weights)


@pytest.fixture
def bring(database, user_id):
    """Bring a model into this test's account; return its version."""

    def bring(model=None):
        with database.transaction(user_id) as conn:
            data = reading.document(model or own())
            return training.bring(conn, user_id, data, "command line").version

    return bring


@pytest.fixture
def use(client, user_id):
    def use(version, expect=200):
        answer = client.post(f"{MODELS}/{version}/use", json={"user_id": user_id})
        assert answer.status_code == expect, answer.json
        return answer.json

    return use


@pytest.fixture
def listed(client, user_id):
    def listed(**query):
        answer = client.get(MODELS, query_string={"user_id": user_id, **query})
        assert answer.status_code == 200, answer.json
        return answer.json

    return listed


def test_a_model_that_was_brought_decides_only_once_it_is_used(bring, use, listed):
    version = bring()
    assert listed()["in_use"] == "standard"

    use(version)

    known = listed()
    assert known["in_use"] == version
    assert [(one["version"], one["in_use"]) for one in known["models"]] == [(version, True)]


def test_a_decision_is_by_the_accounts_model_and_its_evidence_adds_up(post, bring, use):
    version = bring(own(prior=-6.0, email__same=12.0))
    use(version)
    post(**ADA)

    told = post(**ADA)["match_details"]

    assert (told["model_version"], told["prior_weight"]) == (version, -6.0)
    weights = {one["comparison"]: one["weight"] for one in told["evidence"]}
    assert weights["email"] == 12.0
    assert told["match_probability"] == linkage.probability(sum(weights.values()), -6.0)


def test_a_stored_decision_says_which_model_took_it(post, bring, use, client, user_id):
    use(version := bring())
    decision_id = post(**ADA)["decision_id"]

    path = f"/api/v1/lead-discovery/decisions/{decision_id}"
    told = client.get(path, query_string={"user_id": user_id}).json["decision"]

    assert (told["model_version"], told["prior_weight"]) == (version, -5.0)


def test_the_standard_model_decides_again_where_somebody_says_so(post, bring, use):
    use(bring())
    use("standard")
    post(**ADA)

    assert post(**ADA)["match_details"]["model_version"] == STANDARD.version


def test_one_accounts_model_decides_nothing_of_another(post, bring, use, client):
    use(bring())
    body = {"user_id": "somebody-else", "source_id": "form", "lead_data": ADA}
    for _ in range(2):
        told = client.post("/webhook/leadfly/duplicate-prevention", json=body).json

    assert told["match_details"]["model_version"] == STANDARD.version


def test_another_process_knows_of_a_model_within_five_seconds(bring, use, database, user_id):
    now = [0.0]
    cache = PolicyCache(lambda: now[0])

    def version():
        with database.transaction(user_id) as conn:
            return cache.ask(conn, user_id)().of("form").model.version

    assert version() == STANDARD.version
    use(used := bring())
    assert version() == STANDARD.version
    now[0] += SECONDS
    assert version() == used


def test_sources_with_a_policy_of_their_own_have_the_accounts_model(
    bring, use, client, database, user_id
):
    path = "/api/v1/lead-discovery/policies/form"
    client.put(path, json={"user_id": user_id, "policy": {"flag": 0.7}})
    use(version := bring())

    with database.transaction(user_id) as conn:
        policy = PolicyCache().ask(conn, user_id)().of("form")

    assert (policy.flag, policy.model.version) == (0.7, version)


def test_what_is_in_use_stays_where_a_model_cannot_decide(bring, use, listed, owner, post, user_id):
    use(good := bring())
    bad = bring()
    owner.execute(
        "UPDATE dedup.models SET weights = weights - 'phone' WHERE tenant_id = %s AND version = %s",
        [user_id, bad],
    )

    said = use(bad, expect=422)

    assert "another version" in str(said["error"]["details"])
    assert listed()["in_use"] == good
    problems = {one["version"]: one["problem"] for one in listed()["models"]}
    assert problems[good] is None
    assert "another version" in problems[bad]


def test_a_model_of_another_version_in_use_leaves_the_standard_one_deciding(
    bring, use, owner, database, user_id, caplog
):
    use(version := bring())
    owner.execute(
        "UPDATE dedup.models SET weights = weights - 'phone' WHERE tenant_id = %s AND version = %s",
        [user_id, version],
    )

    with database.transaction(user_id) as conn:
        policy = PolicyCache().ask(conn, user_id)().account

    assert policy.model is STANDARD
    assert "a model cannot decide" in caplog.text


def test_a_version_that_the_account_does_not_have_is_not_found(use):
    assert use("own-1999.01.01-1", expect=404)["error"]["code"] == "NOT_FOUND"


def test_rolling_back_lets_decide_what_decided_before(bring, database, user_id):
    first, second = bring(), bring()
    with database.transaction(user_id) as conn:
        for version in (first, second):
            training.use(conn, user_id, version, "local")

        assert training.roll_back(conn, user_id, "local") == first
        assert [row[0] for row in model_store.deciding(conn, user_id)] == [first]


def test_rolling_the_first_back_leaves_the_standard_model(bring, database, user_id):
    version = bring()
    with database.transaction(user_id) as conn:
        training.use(conn, user_id, version, "local")

        assert training.roll_back(conn, user_id, "local") == "standard"
        assert list(model_store.deciding(conn, user_id)) == []


def test_nothing_rolls_back_where_no_model_was_used(database, user_id):
    with database.transaction(user_id) as conn, pytest.raises(NotFound):
        training.roll_back(conn, user_id, "local")


def test_versions_of_one_day_are_numbered(bring):
    versions = [bring() for _ in range(3)]

    assert [version.rpartition("-")[2] for version in versions] == ["1", "2", "3"]
    assert versions[0].startswith(f"own-{datetime.now(UTC):%Y.%m.%d}")


def test_the_newest_models_come_first_and_as_many_as_asked_for(bring, listed):
    versions = [bring() for _ in range(3)]

    assert [one["version"] for one in listed(limit=2)["models"]] == versions[:0:-1]


STARTS = ("bra", "ke", "mo", "ti", "zu", "do", "fi", "gu", "la", "ra")
ENDS = ("ckle", "mber", "sti", "po", "dge", "ve", "rro", "lli", "ssa", "ngo")
BEFORE = [f"{start}{end}n" for start in STARTS for end in ENDS]
AFTER = [f"{end}{start}k" for start in STARTS for end in ENDS]
"""Family names of people who married, each of another sound."""


def person(number, families):
    family = families[number]
    return {
        "email": f"ada@{family}.example",
        "phone": f"+44 20 7946 {number:04}",
        "first_name": "Ada",
        "last_name": family.title(),
    }


@pytest.fixture
def judge(client, database, gate, user_id, post):
    """Have a person judge as many flagged leads as a training needs of each label."""
    for number in range(2 * LEAST):
        post(**person(number, BEFORE))
        answer = flagged(database, gate, user_id, person(number, AFTER))
        verdict = "duplicate" if number < LEAST else "different"
        body = {"user_id": user_id, "verdict": verdict}
        path = f"{REVIEWS}/{answer['review_id']}/verdict"
        assert client.post(path, json=body).status_code == 200


def test_what_reviewers_said_is_what_is_trained_on(judge, database, user_id):
    now = training.standing(database, user_id)

    trained = training.by_reviews(database, user_id, now)

    assert trained.trained_on == {"one_person": LEAST, "two_people": LEAST}
    assert trained.judged.pairs == 2 * LEAST
    assert trained.judged.groups >= LEAST_GROUPS


def test_an_account_without_reviews_has_too_few(database, user_id):
    with pytest.raises(Meaningless, match="Too few pairs: 0"):
        training.by_reviews(database, user_id, training.standing(database, user_id))


def test_leads_that_do_not_tell_matches_from_others_do_not_teach(post, database, gate, user_id):
    for _ in range(2):
        post(**ADA)

    now = training.standing(database, user_id)
    with pytest.raises(Meaningless, match="do not teach a model: of 1 pairs"):
        training.by_leads(database, gate, user_id, now)


def test_what_is_kept_of_training_names_no_lead(judge, database, owner, user_id):
    now = training.standing(database, user_id)
    trained = training.by_reviews(database, user_id, now)
    with database.transaction(user_id) as conn:
        training.keep(conn, user_id, trained, now.model, "local")

    rows = owner.execute(
        "SELECT m::text FROM dedup.models AS m WHERE tenant_id = %s", [user_id]
    ).fetchall()
    ids = owner.execute("SELECT id FROM public.leads WHERE tenant_id = %s", [user_id]).fetchall()
    assert len(rows) == 1
    assert not any(str(UUID(str(lead_id))) in rows[0][0] for (lead_id,) in ids)
    assert "brackle" not in rows[0][0]
