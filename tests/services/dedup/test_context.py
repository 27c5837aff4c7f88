"""Levels in context: what the mailbox says of the names where those cannot be compared."""

from services.dedup import model
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
    twins = context(name="similar", birth="same", place="same_street", email="different")
    assert (twins["birth"], twins["place"]) == ("same_as_of_twins", "shared_by_relatives")
    found = context(name="nickname", birth="same", phone="same_mobile")
    assert found["birth"] == "same_beside_alike_names"


def test_father_and_son_of_one_name_share_house_and_line() -> None:
    found = context(name="same_rare", birth="a_generation_apart", phone="same", place="same_street")
    assert (found["phone"], found["place"]) == ("line_of_relatives", "shared_by_relatives")


def test_a_mobile_stays_one_person_s_whatever_the_birthdays() -> None:
    found = context(name="same", birth="a_generation_apart", phone="same_mobile")
    assert found["phone"] == "same_mobile"


def test_who_married_still_lives_where_the_number_rings() -> None:
    found = context(name="other_family_name", phone="same", place="same_street")
    assert (found["name"], found["place"]) == ("new_family_name", "same_street")


def test_a_colleague_of_one_given_name_on_a_switchboard_is_not_newly_married() -> None:
    desk = context(name="other_family_name", phone="same", organisation="same_company")
    own = context(name="other_family_name", phone="same_mobile", organisation="same_company")
    assert (desk["name"], own["name"]) == ("other_family_name", "new_family_name")


def test_a_mistyped_provider_is_one_box_under_two_names_too() -> None:
    assert context(name="different", email="mistyped_domain")["name"] == "one_owner"


def test_an_office_address_on_the_internet_counts_once_with_the_employer() -> None:
    assert context(organisation="same_company", ip="same")["ip"] == "shared_by_colleagues"
    assert context(ip="same")["ip"] == "same"


def test_a_nameless_lead_on_a_line_of_several_is_none_of_them_for_its_employer() -> None:
    found = context(phone="shared_by_few", organisation="same_company")
    assert found["organisation"] == "shared_by_colleagues"


def test_a_birthday_under_a_name_and_its_short_form_weighs_less_than_under_a_slip() -> None:
    found = context(name="nickname", birth="same", email="different")
    assert found["birth"] == "same_under_short_form"
    worth = model.WEIGHTS["birth"]
    assert worth["same_under_short_form"].weight < worth["same_as_of_twins"].weight


def test_a_nameless_lead_on_an_employers_landline_is_nobody_for_its_employer() -> None:
    assert context(phone="same", organisation="same_company")["organisation"] == (
        "shared_by_colleagues"
    )
    found = context(phone="same_mobile", organisation="same_company")
    assert found["organisation"] == "same_company"


def test_a_new_family_name_is_nobodys_who_writes_from_one_shared_inbox() -> None:
    levels = {"name": "other_family_name", "phone": "same"}
    assert context(**levels)["name"] == "new_family_name"
    assert context(email="same_role_inbox", **levels)["name"] == "other_family_name"


def test_one_given_name_and_two_mailboxes_of_a_firm_are_two_namesakes() -> None:
    found = context(name="given_name_only", email="other_mailbox_same_organisation")
    assert found["email"] == "mailbox_of_a_namesake"


def test_another_post_at_one_employer_tells_namesakes_apart_where_no_contact_agrees() -> None:
    levels = {"name": "same", "organisation": "same_company", "title": "different"}
    assert context(email="different", **levels)["title"] == "other_post"
    assert context(phone="same_mobile", **levels)["title"] == "different"
    assert context(name="same", title="different")["title"] == "different"


def test_no_whole_identity_is_the_same_under_contradicting_names() -> None:
    assert "fingerprint" not in context(name="other_given_name", fingerprint="identical")


def test_an_initial_is_read_as_its_mailbox_spells_it_out() -> None:
    initial = Record(given="n", family="desai", local="naveen.desai")
    other = Record(given="nisha", family="desai", local="nisha.desai")
    levels = {"name": "initial", "mailbox": "spelt_after_somebody_else"}
    assert in_context(levels, other, initial, ALONE) == {"name": "other_given_name"}


def test_an_initial_beside_somebody_elses_mailbox_is_still_an_initial() -> None:
    initial = Record(given="n", family="desai", local="priya.desai")
    levels = {"name": "initial", "mailbox": "spelt_after_somebody_else"}
    assert in_context(levels, Record(given="nisha"), initial, ALONE) == levels


def test_a_mailbox_spells_an_initial_out() -> None:
    found = context(name="initial", mailbox="spelt_after_the_other", birth="same")
    assert found == {"name": "initial_spelt_out", "birth": "same"}


def test_father_and_son_on_one_line_have_two_mailboxes() -> None:
    found = context(name="generation_missing", phone="same", email="different", place="same_street")
    assert found["name"] == "generation_missing_on_one_line"
    assert (found["phone"], found["place"]) == ("line_of_relatives", "shared_by_relatives")


def test_one_birthday_under_one_given_name_is_one_person_s_who_married() -> None:
    found = context(name="other_family_name", birth="same", place="same_street")
    assert (found["name"], found["place"]) == ("new_family_name", "same_street")
