"""Levels in context: what the mailbox says of the names where those cannot be compared."""

from services.dedup.beside import ALONE
from services.dedup.context import in_context
from services.dedup.record import Record


def context(**levels: str) -> dict[str, str]:
    """Return *levels* as they weigh between two leads that say nothing else."""
    return in_context(levels, Record(), Record(), ALONE)


def test_a_mailbox_of_somebody_else_counts_beside_names_in_two_scripts() -> None:
    found = context(name="other_script", mailbox="spelt_after_somebody_else")
    assert found["mailbox"] == "spelt_after_somebody_else"


def test_a_mailbox_of_somebody_else_counts_no_second_time_beside_two_names() -> None:
    found = context(name="other_given_name", mailbox="spelt_after_somebody_else")
    assert "mailbox" not in found


def test_a_mailbox_of_the_other_counts_beside_two_names() -> None:
    found = context(name="other_given_name", mailbox="spelt_after_the_other")
    assert found["mailbox"] == "spelt_after_the_other"


def test_a_mailbox_spelt_after_the_other_explains_another_given_name() -> None:
    found = context(
        name="other_given_name", mailbox="spelt_after_the_other", organisation="same_company"
    )
    assert found["name"] == "signs_otherwise"
    assert found["organisation"] == "same_company"


def test_one_number_under_doubtful_names_is_one_of_relatives() -> None:
    for phone in ("same", "same_mobile", "country_code_differs"):
        found = context(name="one_name_agrees", phone=phone)
        assert (found["phone"], found["name"]) == ("line_of_relatives", "alike_on_one_line")


def test_given_names_that_agree_in_two_scripts_are_not_those_of_relatives() -> None:
    found = context(name="given_name_agrees", phone="same_mobile")
    assert found["phone"] == "same_mobile"


def test_a_birthday_under_names_alike_is_one_of_twins_where_no_contact_agrees() -> None:
    twins = context(name="nickname", birth="same", place="same_street", email="different")
    assert (twins["birth"], twins["place"]) == ("same_as_of_twins", "shared_by_relatives")
    found = context(name="nickname", birth="same", phone="same_mobile")
    assert found["birth"] == "same_beside_alike_names"


def test_an_office_address_on_the_internet_counts_once_with_the_employer() -> None:
    assert context(organisation="same_company", ip="same")["ip"] == "shared_by_colleagues"
    assert context(ip="same")["ip"] == "same"


def test_a_nameless_lead_on_a_line_of_several_is_none_of_them_for_its_employer() -> None:
    found = context(phone="shared_by_few", organisation="same_company")
    assert found["organisation"] == "shared_by_colleagues"
