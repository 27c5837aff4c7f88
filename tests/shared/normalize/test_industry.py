import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.normalize.industry import Industry, industries, industry, named, parents
from shared.normalize.industry_codes import codes
from shared.normalize.industry_names import key, stem, words
from shared.normalize.tables import rows

anything = st.text(st.characters(exclude_categories=()), max_size=300)
folded = st.text("abcdefghilmnoprstuyz", min_size=1, max_size=20)


def code_of(text):
    found = industry(text)
    return found.code if found else None


def test_naics_2022_is_complete():
    found = {length: sum(len(code) == length for code in codes()) for length in range(2, 7)}
    assert found == {2: 20, 3: 96, 4: 308, 5: 689, 6: 1012}


def test_every_code_of_the_tables_exists():
    spelt = {one for prefixes, *_ in rows("industry_names.csv") for one in prefixes.split("+")}
    assert spelt <= set(codes()) | {"32", "33", "45", "49"}


def test_former_codes_lead_to_those_of_today_and_are_none_themselves():
    table = rows("industry_former_codes.csv")
    assert {code for code, *_ in table} <= set(codes())
    assert not {old for _, *olds in table for old in olds} & set(codes())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("722511", "722511"),
        ("722511.0", "722511"),
        ("722511 - Full-Service Restaurants", "722511"),
        ("NAICS 2022: 541511", "541511"),
        ("31-33", "31"),
        ("45", "44"),
        ("511210", "513210"),
        ("445110 Supermarkets", "445110"),
    ],
)
def test_a_code_is_read_as_what_it_stands_for(text, code):
    assert code_of(text) == code


@pytest.mark.parametrize("text", ["11-50 employees", "999999", "2024", "555-0100", "75001"])
def test_other_numbers_are_no_code(text):
    assert industry(text) is None


def test_twenty_four_hours_are_no_code():
    assert code_of("24 hour gym") == "713940"


@pytest.mark.parametrize("text", ["COMPUTER_SOFTWARE", "Computer Software", "computerSoftware"])
def test_the_spelling_of_a_program_is_read_as_words(text):
    assert code_of(text) == "5132"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Hospital & Health Care", "621"),
        ("HOSPITAL_HEALTH_CARE", "621"),
        ("Leisure, Travel & Tourism", "5615"),
        ("Transportation/Trucking/Railroad", "48"),
        ("NON_PROFIT_ORGANIZATION_MANAGEMENT", "8132"),
        ("Bars, Taverns, and Nightclubs", "7224"),
        ("IT Services and IT Consulting", "5415"),
        ("Women's Handbag Manufacturing", "316"),
        ("Not For Profit", "8132"),
    ],
)
def test_the_names_of_other_lists_are_read(text, code):
    assert code_of(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("coffee shop", "722515"),
        ("Gastronomie", "722"),
        ("restauration", "722"),
        ("hostelería", "72"),
        ("ristorazione", "722"),
        ("restaurante", "7225"),
        ("law firm", "5411"),
        ("Rechtsanwältin", "5411"),
        ("cabinet d’avocats", "5411"),
        ("despacho de abogados", "5411"),
        ("studio legale", "5411"),
        ("escritório de advocacia", "5411"),
        ("real estate agent", "5312"),
        ("Immobilienmakler", "5312"),
        ("inmobiliaria", "531"),
        ("imobiliária", "531"),
        ("HVAC", "238220"),
        ("plombier", "238220"),
        ("BTP", "23"),
        ("edilizia", "23"),
        ("Steuerberater", "5412"),
        ("expert-comptable", "5412"),
        ("SaaS", "5132"),
        ("dentist", "6212"),
        ("Zahnärztin", "6212"),
    ],
)
def test_trades_are_read_in_the_languages_people_write(text, code):
    assert code_of(text) == code


@pytest.mark.parametrize("text", ["Bäckerei", "Baeckerei", "Backerei", "BÄCKEREIEN", "Bäcker"])
def test_umlauts_plurals_and_agents_do_not_matter(text):
    assert code_of(text) == "3118"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Maschinenbauunternehmen", "333"),
        ("Weingroßhandel", "4248"),
        ("Baumaschinenverleih", "5324"),
        ("Elektromeisterbetrieb", "238210"),
    ],
)
def test_compounds_are_taken_apart(text, code):
    assert code_of(text) == code


@pytest.mark.parametrize("text", ["resturant", "restaurnat", "restuarants"])
def test_a_slip_of_the_pen_is_put_right(text):
    assert code_of(text) == "7225"


def test_hospitality_has_no_it_in_it():
    assert code_of("hospitality") == "72"


@pytest.mark.parametrize("text", ["IT", "it", "I.T.", "IT services", "we do IT for schools"])
def test_it_is_a_trade_where_it_is_written_as_one(text):
    assert code_of(text) == "5415"


def test_it_is_a_pronoun_elsewhere():
    assert industry("we do it all") is None


def test_a_bank_is_neither_a_food_bank_nor_a_bench():
    assert [code_of(text) for text in ("bank", "food bank", "bench")] == ["5221", "6242", "3371"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("restaurant software", "5132"),
        ("software for restaurants", "5132"),
        ("logiciel pour restaurants", "5132"),
        ("law firm marketing agency", "5418"),
        ("estudio de grabación musical", "5122"),
        ("menuiserie aluminium", "238350"),
    ],
)
def test_the_trade_is_told_from_whom_it_serves(text, code):
    assert code_of(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("guitar maker", "339992"),
        ("guitar shop", "4591"),
        ("tienda de guitarras", "4591"),
        ("cheese wholesaler", "4244"),
        ("fábrica de zapatos", "3162"),
        ("toy and game shop", "4591"),
        ("vendita all'ingrosso di frutta", "4244"),
        ("upholstery shop", "8114"),
    ],
)
def test_what_is_done_with_goods_decides_their_sector(text, code):
    assert code_of(text) == code


@pytest.mark.parametrize("text", ["", " ", "n/a", "none", "Other", "asdf", "John Smith", "student"])
def test_what_names_no_trade_is_unknown(text):
    assert industry(text) is None
    assert industries(text) == ()


def test_technology_reaches_across_sectors():
    found = industry("technology")
    assert found.name == "Technology"
    for code in ("5132", "5415", "518", "334"):
        assert code.startswith(found.prefixes)


def test_candidates_come_best_first_and_no_more_than_asked():
    found = industries("law firm marketing agency", 2)
    assert [one.code for one in found] == ["5418", "5411"]
    assert industries("law firm marketing agency", 0) == ()


def test_parents_lead_up_to_the_sector():
    assert [one.code for one in parents("722511")] == ["72251", "7225", "722", "72"]
    assert [one.code for one in parents("3361")] == ["336", "31"]


def test_an_unknown_code_has_neither_name_nor_parents():
    assert named("9999") is None
    assert parents("9999") == ()


def test_a_sector_holds_all_its_first_digits():
    assert named("31") == Industry("31", "Manufacturing", ("31", "32", "33"))


@given(anything)
@settings(deadline=None)
def test_any_text_is_read_without_failing(text):
    for found in industries(text):
        assert found.name
        assert found.code == found.prefixes[0]
        assert named(found.code)


@given(st.sampled_from(sorted(codes())))
@settings(deadline=None)
def test_every_code_names_itself(code):
    found = industry(code)
    assert found == named(code)
    assert found.code == code


@given(folded)
def test_a_stem_is_the_beginning_of_its_word(word):
    assert word.startswith(stem(word))


@given(st.lists(folded, max_size=4))
def test_the_order_of_words_does_not_matter(found):
    assert key(found) == key(found[::-1])


@pytest.mark.parametrize(
    "text", [name for _, *names in rows("industry_names.csv") for name in names][::7]
)
def test_every_name_of_the_table_is_read(text):
    assert industry(text) is not None, words(text)
