"""What form builders post becomes the right lead."""

import pytest

from services.dedup.intake.registry import BY_NAME
from services.dedup.intake.understanding import understood
from tests.services.dedup.intake.senders.forms import BUILDERS, cases, sent

EVERY = [(builder, case) for builder in BUILDERS for case in cases(builder) if case.lead]


@pytest.mark.parametrize(
    ("builder", "case"), EVERY, ids=[f"{builder}: {case.claim}" for builder, case in EVERY]
)
def test_a_forms_post_becomes_the_right_lead(builder, case):
    found = understood(sent(BY_NAME[builder], case.post), {}, builder)

    assert found.fields == case.lead


def test_a_saved_map_may_use_a_forms_stable_names():
    (case,) = [case for case in cases("gravity_forms") if case.lead is None]
    entry = sent(BY_NAME["gravity_forms"], case.post)

    found = understood(
        entry, {"2": "email", "3": "other_email", "1": "first_name"}, "gravity_forms"
    )

    assert found.fields["email"] == "mael@vitrail.example"
    assert found.mapping.by["email"] == "saved"
