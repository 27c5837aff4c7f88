import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, JaroWinkler

from shared import similarity
from shared.normalize.company import parse

anything = st.text(st.characters(exclude_categories=()), max_size=60)
companies = st.lists(
    st.sampled_from(
        [
            "Acme",
            "Robotics",
            "Tech",
            "Solutions",
            "Inc",
            "GmbH",
            "1",
            "10",
            "Energy",
            "Green",
            "IBM",
            "Globex",
            "Globx",
            "AB",
        ]
    ),
    min_size=1,
).map(" ".join)


def alike(one, other):
    a, b = parse(one), parse(other)
    assert a and b
    return similarity.company(a, b)


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("Tech Solutions Inc", "Technology Solutions Inc", 0.95, 1.0),
        ("TSI", "Technology Solutions Inc", 0.85, 0.9),
        ("IBM", "International Business Machines", 0.85, 0.9),
        ("Acme", "Acme Robotics", 0.7, 0.8),
        ("Acme", "Acme Solutions", 0.85, 0.95),
        ("Acme Corp", "Acme Corporation", 1.0, 1.0),
        ("Acme Inc", "Acme GmbH", 0.9, 0.99),
        ("Face Book", "Facebook", 0.9, 0.99),
        ("Mircosoft", "Microsoft", 0.9, 0.99),
        ("Company 1", "Company 10", 0.0, 0.5),
        ("Green Energy Solutions", "Blue Energy Solutions", 0.0, 0.5),
        ("Delta Airlines", "Delta Dental", 0.0, 0.5),
        ("Solutions", "Acme Solutions", 0.0, 0.5),
        ("Toyota", "トヨタ株式会社", 0.95, 1.0),
    ],
)
def test_companies_are_as_alike_as_people_say(one, other, least, most):
    assert least <= alike(one, other) <= most


@pytest.mark.parametrize(
    ("one", "other"),
    [("Meyer", "Meier"), ("Müller", "Mueller"), ("Smith", "Smyth"), ("Jonathan", "Jonathon")],
)
def test_spellings_of_one_name_are_alike(one, other):
    assert similarity.person_token(one, other) >= 0.9


def test_numbers_keep_persons_apart():
    assert similarity.person_token("Test1", "Test10") <= 0.5


@pytest.mark.parametrize(
    ("one", "other"),
    [("smith", "smiht"), ("Miller", "miler"), ("müller", "muller"), ("ivo.k8ern4", "ivo.ke8rn4")],
)
def test_one_slip_is_one_typo(one, other):
    assert similarity.one_typo(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("test1", "test10"),
        ("company1", "company2"),
        ("test12", "test21"),
        ("hall12", "hall1b2"),
        ("ann", "anne"),
        ("smith", "smith"),
        ("smith", "jones"),
    ],
)
def test_digits_short_words_and_equal_words_are_no_typo(one, other):
    assert not similarity.one_typo(one, other)


def test_leading_zeros_are_no_other_number():
    assert not similarity.digits_differ("Company 01", "Company 1")


@given(anything, anything)
@settings(deadline=None)
def test_comparing_is_symmetric_and_in_range(a, b):
    for compare in (similarity.text, similarity.person_token):
        assert compare(a, b) == compare(b, a)
        assert 0.0 <= compare(a, b) <= 1.0
    assert similarity.one_typo(a, b) == similarity.one_typo(b, a)
    assert similarity.digits_differ(a, b) == similarity.digits_differ(b, a)


@given(anything)
@settings(deadline=None)
def test_a_value_is_itself_and_nothing_is_like_nothing(a):
    for compare in (similarity.text, similarity.person_token):
        assert compare(a, a) == (1.0 if a else 0.0)
        assert compare(a, "") == 0.0
    assert not similarity.digits_differ(a, a)


@given(companies, companies)
@settings(deadline=None)
def test_comparing_companies_is_symmetric_and_in_range(a, b):
    assert alike(a, b) == alike(b, a)
    assert 0.0 <= alike(a, b) <= 1.0
    assert alike(a, a) == 1.0


def test_long_values_are_cut():
    assert 0.0 <= similarity.text("a " * 100_000, "b" * 100_000) <= 1.0
    assert not similarity.one_typo("a" * 100_000, "a" * 100_001)


words = st.text("abcn1", min_size=3, max_size=9)


@given(words, words)
@settings(deadline=None)
def test_one_edit_is_what_optimal_string_alignment_counts_as_one(one, other):
    assert similarity.one_edit(one, other) == (OSA.distance(one, other) == 1)


@given(words, st.integers(0, 8), st.sampled_from("abcn1"))
@settings(deadline=None)
def test_whatever_sign_is_put_into_a_word_it_is_one_edit(word, place, sign):
    assert similarity.one_edit(word, word[:place] + sign + word[place:])


@given(words, words)
@settings(deadline=None)
def test_spelling_is_jaro_winkler_in_either_order(one, other):
    both = {JaroWinkler.similarity(one, other), JaroWinkler.similarity(other, one)}

    assert both == {similarity.spelling(one, other)}


@given(words, words)
@settings(deadline=None)
def test_a_word_that_lacks_more_than_a_quarter_of_the_letters_is_another_word(one, other):
    short, long = sorted((one, other), key=len)
    lacking = len({*short} - {*long})

    alike = similarity.spelling(one, other) >= similarity.SAME_WORD

    assert not (alike and 4 * lacking > len(short))
