"""Chinese names after several tongues, in two orders, and short names with a slip in them."""

import pytest

from services.dedup.names import name
from services.dedup.record import Record, read
from services.dedup.slips import mistyped
from shared.normalize.keyboard import keys_beside


def record(written: str) -> Record:
    """Return the record of a lead whose name is *written* in one field, or in two with a bar."""
    given, bar, family = written.partition("|")
    fields = {"first_name": given, "last_name": family} if bar else {"name": written}
    return read(fields).record


ONE_PERSON = (
    ("Kin Kwok|Ma", "建国|马"),
    ("Wong Man Wah", "黄文华"),
    ("Ho Wing Fai", "何永辉"),
    ("Tan Bee Leng", "Chen Meiling"),
    ("Goh Keng Swee", "吴庆瑞"),
    ("Huang Man-chi", "Huang Wenchih"),
    ("Hsiu-mei|Huang", "Xiumei|Huang"),
    ("Jhih-wei|Lin", "Zhiwei|Lin"),
)


@pytest.mark.parametrize(("one", "other"), ONE_PERSON)
def test_a_name_after_another_tongue_is_that_name(one: str, other: str) -> None:
    assert name(record(one), record(other)) == "similar"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Xin-ting|Lee", "Yan-ting|Lee"),
        ("Wai Man|Chan", "Wai Kit|Chan"),
        ("Min Jun|Kim", "Minji|Kim"),
    ],
)
def test_siblings_are_two(one: str, other: str) -> None:
    assert name(record(one), record(other)) in {"other_given_name", "different"}


def test_either_end_of_three_words_may_be_the_family() -> None:
    assert name(record("Lam Yan Sung"), record("Linhsin|Song")) == "swapped"
    assert name(record("Ho Yung So"), record("苏浩勇")) == "similar"


def test_a_hyphen_keeps_a_given_name_together() -> None:
    assert name(record("Wen-hui Xu"), record("Hao-ying Xu")) == "other_given_name"


@pytest.mark.parametrize("slip", ["Kanf", "Kqng", "Kagn"])
def test_a_slip_in_the_family_leaves_it_first(slip: str) -> None:
    assert record(f"{slip} Yong Hyun").family == slip.lower()


def test_ho_is_a_family_of_hong_kong_and_of_vietnam() -> None:
    assert record("Ho Wing Fai").given == "wing"
    assert record("Ho Van Minh").given == "minh"


@pytest.mark.parametrize(("slip", "meant"), [("tna", "tan"), ("wsi", "wei"), ("tmo", "tom")])
def test_what_no_tongue_says_is_a_slip_of_a_short_name(slip: str, meant: str) -> None:
    assert mistyped(slip, meant)


@pytest.mark.parametrize(("one", "other"), [("sng", "song"), ("vlk", "vik"), ("lan", "lin")])
def test_short_names_that_somebody_bears_are_no_slips(one: str, other: str) -> None:
    assert not mistyped(one, other)


def test_keys_are_beside_each_other_on_german_and_french_keyboards_too() -> None:
    assert keys_beside("t", "z") and keys_beside("a", "z") and not keys_beside("a", "p")
