"""A model that cannot decide is refused with the reason, wherever it comes from."""

import orjson
import pytest

from services.dedup import linkage, record
from services.dedup.linkage import under
from services.dedup.model import STANDARD, Model
from services.dedup.training import reading
from shared.errors import Meaningless


def weights(**changed):
    found = {name: dict(levels) for name, levels in STANDARD.weights.items()}
    for place, weight in changed.items():
        comparison, level = place.split("__")
        found[comparison][level] = weight
    return found


def refused(prior=-7.0, **changed):
    with pytest.raises(Meaningless) as refusal:
        reading.checked("own-1", prior, weights(**changed))
    return refusal.value.details


def test_what_is_written_to_a_file_is_read_from_it():
    own = Model("own-1", -6.5, weights(phone__same=9.0))

    assert reading.from_file(reading.document(own)) == own


@pytest.mark.parametrize("weight", [float("nan"), float("inf"), 25.0, -25.0, "9", None, True])
def test_a_weight_that_is_no_sensible_number_is_refused(weight):
    assert refused(phone__same=weight) == {"weights.phone.same": "must be a number from -24 to 24"}


@pytest.mark.parametrize("prior", [float("nan"), 41.0, None])
def test_a_prior_that_is_no_sensible_number_is_refused(prior):
    assert "prior" in refused(prior)


def test_an_agreement_that_counts_against_is_refused():
    assert "counts the other way" in refused(email__same=-3.0)["weights.email.same"]


def test_a_level_that_is_unknown_here_is_of_another_version():
    assert "another version" in refused(phone__telepathic=1.0)["weights.phone"]


def test_a_model_that_lacks_a_level_is_of_another_version():
    fewer = weights()
    del fewer["phone"]["same"]

    with pytest.raises(Meaningless) as refusal:
        reading.checked("own-1", -7.0, fewer)

    assert "another version" in refusal.value.details["weights.phone.same"]


def test_many_faults_are_counted():
    levels = {f"phone__unknown_{number}": 1.0 for number in range(9)}

    assert refused(**levels, email__same=99.0) != {}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x00\x01", "is not JSON"),
        (b'{"prior": NaN}', "is not JSON"),
        (b"[]", "of another version"),
        (orjson.dumps({"format": "leadfly-model/2"}), "of another version"),
        (orjson.dumps({"format": reading.FORMAT}), "cannot decide"),
        (orjson.dumps({"format": reading.FORMAT, "prior": 1, "weights": []}), "cannot decide"),
        (orjson.dumps({"format": reading.FORMAT, "prior": 1, "weights": {"a": 1}}), "cannot"),
    ],
)
def test_a_file_that_is_no_model_of_this_version_is_refused(data, said):
    with pytest.raises(Meaningless, match=said):
        reading.from_file(data)


def test_under_a_model_of_its_own_printed_weights_add_up_to_the_probability():
    own = Model("own-1", -6.0, weights(name__same_common=9.0, name__same=9.0, name__same_rare=9.0))
    ada, again = (
        record.read({"name": "Ada Lovelace", "email": f"ada@{at}.example"}).record
        for at in ("one", "two")
    )

    told = under(linkage.compare(ada, again), own)

    assert told.level("name") is not None
    assert [e.weight for e in told.evidence if e.comparison == "name"] == [9.0]
    assert told.probability == linkage.probability(sum(e.weight for e in told.evidence), -6.0)


def test_the_standard_model_changes_nothing():
    match = linkage.compare(record.read({"name": "Ada"}).record, record.read({}).record)

    assert under(match, STANDARD) is match
