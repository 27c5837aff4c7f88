import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.normalize.coordinates import coordinates
from shared.normalize.place_key import key, with_digraphs, without_one
from shared.normalize.postal_code import codes, forms


@settings(deadline=None)
@given(st.text(max_size=200))
def test_a_key_of_a_key_is_itself(text):
    assert key(key(text)) == key(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St. Louis", "Saint Louis"),
        ("Sankt Gallen", "St Gallen"),
        ("Clermont-Ferrand", "clermont ferrand"),
        ("L'Aquila", "L’Aquila"),
        ("القاهرة", "القاهره"),
        ("Αθήνα", "ΑΘΗΝΑ"),
    ],
)
def test_variants_of_a_name_have_one_key(one, other):
    assert key(one) == key(other)


def test_chinese_cities_that_sound_alike_have_keys_of_their_own():
    assert key("苏州") != key("宿州")


def test_a_name_without_umlauts_is_written_with_digraphs():
    assert with_digraphs("Düsseldorf") == "duesseldorf"


def test_a_letter_left_out_of_both_joins_two_spellings():
    assert without_one(key("Cincinatti")) & without_one(key("Cincinnati"))


@settings(deadline=None)
@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_pair_in_decimals_is_read_back(latitude, longitude):
    read = coordinates(f"{latitude:.5f}, {longitude:.5f}")

    assert read == (pytest.approx(latitude, abs=1e-5), pytest.approx(longitude, abs=1e-5))


@pytest.mark.parametrize("text", ["12 34", "95.0, 10.0", "10.0, 181.0", "1.5", "N 12.5 N 13.5"])
def test_what_is_no_pair_on_earth_has_no_coordinates(text):
    assert coordinates(text) is None


def test_a_code_is_cut_out_of_its_text():
    assert codes("75001 Paris") == (["75001"], "      Paris")


def test_a_full_british_code_is_sought_by_its_first_part():
    assert ("#SW1A", "GB") in forms("SW1A 1AA")


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_has_codes_that_raise(text):
    found, _ = codes(text)
    for code in found:
        assert forms(code)
