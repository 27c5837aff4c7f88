import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.normalize.company import parse

anything = st.text(st.characters(exclude_categories=()))


def parsed(text):
    found = parse(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "canonical", "form"),
    [
        ("The Acme Corp.", "acme", "corp"),
        ("Müller GmbH & Co. KG", "muller", "gmbh"),
        ("Foo Sp. z o.o.", "foo", "spzoo"),
        ("Foo S.A. de C.V.", "foo", "sa"),
        ("Bar S.p.A.", "bar", "spa"),
        ("Serenity Spa", "serenity spa", None),
        ("Foo A/S", "foo", "as"),
        ("Nokia Oyj", "nokia", "oy"),
        ("Philips B.V.", "philips", "bv"),
        ("AB Volvo", "volvo", "ab"),
        ("Atlassian Pty Ltd", "atlassian", "ltd"),
        ("ООО Ромашка", "romashka", "llc"),
        ("ТОО «Казах»", "kazakh", "llc"),
        ("株式会社トヨタ", "toyota", "kk"),
        ("㈱トヨタ", "toyota", "kk"),
        ("삼성 주식회사", "samseong", "kk"),
        ("腾讯有限公司", "tengxun", "ltd"),
        ("acme.com", "acme", None),
        ("https://www.acme.co.uk/about", "acme", None),
        ("I.B.M.", "ibm", None),
        ("Ltd", "ltd", None),
        ("Johnson & Johnson", "johnson johnson", None),
        ("Schmidt und Söhne OHG", "schmidt sohne", "kg"),
    ],
)
def test_the_core_of_a_name_and_its_legal_form(text, canonical, form):
    assert (parsed(text).canonical, parsed(text).legal_form) == (canonical, form)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tech Solutions Inc", "Technology Solution, Inc."),
        ("Acme Intl", "ACME International"),
        ("Smith Bros", "Smith Brothers Ltd"),
        ("AT&T", "AT & T"),
        ("Acme Mfg Co", "Acme Manufacturing Company"),
    ],
)
def test_abbreviations_and_plurals_meet(one, other):
    assert parsed(one).canonical == parsed(other).canonical


def test_acronyms_count_with_and_without_the_legal_form():
    assert {"ts", "tsi"} <= parsed("Technology Solutions Inc").acronyms


@pytest.mark.parametrize("text", ["TSI", "IBM", "I.B.M.", "tsi"])
def test_a_short_name_in_capitals_is_its_own_acronym(text):
    assert parsed(text).acronyms == {parsed(text).canonical}


def test_an_acronym_in_brackets_is_kept_as_one():
    assert "ibm" in parsed("International Business Machines Corp (IBM)").acronyms


@pytest.mark.parametrize("text", ["", " ", "🎉", "\x00", "&"])
def test_nothing_readable_is_none(text):
    assert parse(text) is None or text == "&"


@given(anything)
@settings(deadline=None)
def test_parsing_is_idempotent_and_never_raises(text):
    found = parse(text)
    if found:
        assert parsed(found.canonical).canonical == found.canonical
        assert found.tokens and all(found.tokens)


@given(
    st.lists(
        st.sampled_from(
            [
                "the",
                "inc",
                "s",
                "a",
                "co",
                "ltd",
                "acme",
                "and",
                "und",
                "y",
                "tech",
                "b",
                "v",
                "1",
                "gmbh",
                "kg",
                "z",
                "o",
            ]
        ),
        min_size=1,
    )
)
@settings(deadline=None)
def test_no_pile_of_legal_forms_leaves_nothing(words):
    found = parsed(" ".join(words))
    assert parsed(found.canonical).canonical == found.canonical


@pytest.mark.parametrize("unit", ["a", "a ", "Inc ", "& ", "(AB)", "株式会社", ".", "x.com "])
def test_long_input_is_cut(unit):
    found = parse(unit * 100_000)
    assert found is None or len(found.tokens) <= 24
