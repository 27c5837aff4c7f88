"""Whole names: which spellings are of one person, and which of two."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dedup import model
from services.dedup.names import mailbox, name
from services.dedup.record import Record, read


def record(first: str, last: str = "", email: str = "") -> Record:
    """Return the record of a lead with this name; a whole name where there is no last one."""
    parts = {"first_name": first, "last_name": last} if last else {"name": first}
    return read({**parts, "email": email}).record


ONE = (
    (("Shin Sung-sook",), ("신성숙",)),
    (("Gwon Ki-jun",), ("기준", "권")),
    (("Suhjeong", "Shin"), ("Seo-jung", "Shin")),
    (("Lee Jungmin",), ("Jeongmin", "Rhee")),
    (("Chi Kit", "Cheng"), ("志杰", "郑")),
    (("Yongkong", "Lui"), ("Lu Yung-kang",)),
    (("Mayumi", "Uchino"), ("真由美", "内野")),
    (("Isikawa Takasi",), ("石川隆",)),
    (("Al-Ghamdi", "Omar"), ("Omar Al-Ghamdi",)),
    (("Tina", "Santos"), ("Maria Cristina", "Santos")),
    (("Pepelu", "Landa"), ("José Luis", "Landa")),
    (("Jordan", "Todorov"), ("Yordan", "Todorov")),
    (("Милица", "Николић"), ("Milica", "Nikolić")),
    (("Oxana", "Goncharenko"), ("Oksana", "Honcharenko")),
    (("Szabó Sándor",), ("Sándor", "Szabó")),
)


@pytest.mark.parametrize(("a", "b"), ONE)
def test_one_name_in_two_spellings_is_one(a: tuple[str, ...], b: tuple[str, ...]) -> None:
    assert name(record(*a), record(*b)) in model.ONE_NAME


TWO = (
    (("Min-hyun Lee",), ("이민영",)),
    (("Man-kong", "Ma"), ("Man-yee", "Ma")),
    (("家军", "曾"), ("Leihua Tseng",)),
    (("近藤裕子",), ("加藤裕子",)),
    (("Ahmed El-Bakri",), ("محمد البكري",)),
    (("Szabó Sándor",), ("Szabó Erzsébet",)),
    (("Phan Quốc Dũng",), ("Phan Gia Phương",)),
    (("James", "Roberts"), ("John James", "Roberts")),
    (("Wai-yan", "Cheng"), ("Wing-keung", "Cheng")),
    (("佐藤恵子",), ("Yuichi Sato",)),
    (("Kevin", "Smith"), ("Karen", "Smith")),
)


@pytest.mark.parametrize(("a", "b"), TWO)
def test_two_people_are_not_of_one_name(a: tuple[str, ...], b: tuple[str, ...]) -> None:
    assert name(record(*a), record(*b)) not in model.ONE_NAME


def test_an_english_name_beside_a_chinese_one_is_a_doubt() -> None:
    assert name(record("Grace", "Chen"), record("Chun-ting", "Chen")) == "english_name"
    assert name(record("Amy", "Lee"), record("I-hua", "Lee")) == "english_name"


def test_omar_in_arabic_is_no_title() -> None:
    assert record("عمر الحربي").given


def test_a_mailbox_tells_another_given_name_where_scripts_differ() -> None:
    one = record("Farhad Hosseini", email="farhadhosseini@gmail.com")
    other = record("پروانه حسینی", email="parvaneh.hosseini82@gmail.com")
    assert mailbox(one, other) == "spelt_after_somebody_else"


def test_a_mailbox_of_ones_own_name_tells_nobody_else() -> None:
    one = record("Parvaneh Hosseini", email="info@beta.example")
    other = record("پروانه حسینی", email="parvaneh.hosseini82@gmail.com")
    assert mailbox(one, other) != "spelt_after_somebody_else"


words = st.text(min_size=0, max_size=16)
letters = st.text(alphabet="abeghijklmnorsuy -내신경王志杰石田محدЯнъ.", max_size=14)


@settings(max_examples=150, deadline=None)
@given(words | letters, words | letters, words | letters, words | letters)
def test_names_are_compared_alike_from_both_sides(a: str, b: str, c: str, d: str) -> None:
    one, other = record(a, b), record(c, d)
    assert name(one, other) == name(other, one)
