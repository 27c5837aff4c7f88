import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.normalize import phone

anything = st.text(st.characters(exclude_categories=()))
diallable = st.text("0123456789+() -x.abcdefABC#,;/٣३", max_size=40)


def parsed(text, country=None):
    found = phone.parse(text, country)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "text",
    [
        "15559876543",
        "555.987.6543",
        "(555) 987-6543",
        "+1-555-987-6543",
        "555-987-6543",
        "+1 (555) 987 6543",
    ],
)
def test_spellings_of_one_number_are_one(text):
    assert parsed(text).e164 == "+15559876543"


@pytest.mark.parametrize(
    "text",
    ["555-DUPLICATE", "(555) DUPLICATE", "1-555-DUPLICATE", "+1 555 duplicate"],
)
def test_vanity_words_map_to_the_keypad_beyond_the_numbers_length(text):
    assert parsed(text).e164 == "+1555387542283"


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("+44 (0)20 7946 0958", None),
        ("0044 20 7946 0958", None),
        ("0044 20 7946 0958", "DE"),
        ("011 44 20 7946 0958", None),
        ("0011 44 20 7946 0958", "AU"),
        ("810 44 20 7946 0958", "RU"),
        ("020 7946 0958", "GB"),
        ("020 7946 0958", "uk"),
        ("44 20 7946 0958", None),
        ("+٤٤ ٢٠ ٧٩٤٦ ٠٩٥٨", None),
        ("+४४ २० ७९४६ ०९५८", None),
        ("＋４４　２０　７９４６　０９５８", None),
        ("tel:+44-20-7946-0958", None),
        ("Phone: +44 20 7946 0958 (mobile)", None),
        ("+44 20 7946 0958 / +44 20 7946 0000", None),
    ],
)
def test_international_and_national_forms_meet(text, country):
    assert parsed(text, country).e164 == "+442079460958"


@pytest.mark.parametrize(
    "tail",
    [
        "x12",
        " ext. 12",
        " #12",
        " доб. 12",
        " Durchwahl 12",
        ";ext=12",
        " extension 12",
        ",12",
        " вътр. 12",
        " dahili 12",
        "转12",
    ],
)
def test_an_extension_is_split_off(tail):
    found = parsed("+1 201 555 0123" + tail)
    assert (found.e164, found.extension) == ("+12015550123", "12")


@pytest.mark.parametrize(
    "text",
    ["+1-000-000-0000", "0000000000", "1234567890", "0123456789", "9999999999", "111-111-1111"],
)
def test_placeholders_are_told(text):
    found = parsed(text)
    assert found.placeholder and not found.valid


@pytest.mark.parametrize(
    "text", ["201-555-0100", "555-987-6543", "+44 20 7946 0958", "555-DUPLICATE"]
)
def test_fictional_numbers_are_no_placeholders(text):
    assert not parsed(text).placeholder


def test_the_national_key_survives_a_missing_country_code():
    assert phone.national_key(parsed("+44 20 7946 0958")) == phone.national_key(
        parsed("020 7946 0958")
    )


def test_area_codes_that_differ_in_one_digit_have_other_national_keys():
    assert phone.national_key(parsed("212-555-1234")) != phone.national_key(parsed("312-555-1234"))


@pytest.mark.parametrize("text", ["", "call me", "1234", "++", "n/a", "CALLMENOW"])
def test_too_few_digits_are_no_number(text):
    assert phone.parse(text) is None


@pytest.mark.parametrize("country", ["", "XX", "usa", "\ud800", "ZZZ", "001"])
def test_an_unknown_country_falls_back_to_the_default(country):
    assert parsed("(201) 555-0123", country).e164 == "+12015550123"


@given(anything, st.none() | anything)
@settings(deadline=None)
def test_no_text_raises(text, country):
    phone.parse(text, country)


@given(diallable, st.sampled_from([None, "DE", "IT", "RU", "AU", "BR", "KR"]))
@settings(deadline=None)
def test_a_number_is_bounded_and_made_of_digits(text, country):
    found = phone.parse(text, country)
    if found:
        assert found.e164[0] == "+" and found.e164[1:].isdigit() and len(found.e164) <= 25
        assert 1 <= len(phone.national_key(found)) <= phone.MAX_DIGITS
        assert parsed(found.e164).e164 == found.e164 or not found.valid


@pytest.mark.parametrize("unit", ["1", "+", "x1", "(", "a", "1a", ";ext=", "٣", "1/", "00"])
def test_long_input_is_cut(unit):
    found = phone.parse(unit * 100_000)
    assert found is None or len(found.e164) <= 25


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("0171 1111111", "DE"),
        ("06 12 34 56 78", "FR"),
        ("0987654321", None),
        ("555 222 2222", "US"),
    ],
)
def test_a_run_at_the_end_is_a_placeholder_behind_a_prefix_too(text, country):
    assert parsed(text, country).placeholder


@pytest.mark.parametrize("text", ["+62 812-3456-7801", "+81 90-1234-5670", "+1 555 123 4567"])
def test_a_run_that_the_area_code_makes_is_none(text):
    assert not parsed(text).placeholder


def test_a_mobile_is_told_where_numbers_tell():
    assert parsed("+49 1512 3917460").mobile
    assert not parsed("+49 30 23125014").mobile
    assert not parsed("+1 212 555 0147").mobile


@pytest.mark.parametrize("text", ["+52 1 55 1234 5670", "044 55 1234 5670", "55 1234 5670"])
def test_mexicos_old_prefixes_are_no_part_of_a_number(text):
    assert parsed(text, "MX").e164 == "+525512345670"


@settings(deadline=None)
@given(st.text("0123456789+() -.", max_size=30), st.sampled_from(["GB", "US", "MX", None]))
def test_a_plain_number_is_read_as_one_with_a_remark(text, country):
    assert phone.parse(text, country) == phone.parse(f"tel {text}", country)


@pytest.mark.parametrize("text", ["1.23E+11", "1,23E+11", "4.93018e11", "5E+10"])
def test_a_number_that_a_spreadsheet_rounded_is_none(text):
    assert phone.parse(text, "DE") is None


@pytest.mark.parametrize("text", ["2125550134", "+12125550134", "12125550134"])
def test_a_number_taken_for_an_amount_keeps_its_own_digits(text):
    assert parsed(f"{text}.0") == parsed(text)


def test_of_two_numbers_after_a_comma_the_first_is_read():
    assert parsed("+49 30 901850, +49 171 1234568").e164 == "+4930901850"
