"""What is kept of what a provider says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.enrichment.finding import MOST_FINDINGS, MOST_NOTE, MOST_URL, MOST_VALUE
from services.enrichment.sifting import sifted
from tests.services.enrichment.conftest import finding


def values(*found, person_level=True):
    return [one.value for one in sifted(found, "directory", person_level)]


def test_what_is_about_a_person_is_left_out_unless_that_may_be_kept():
    mixed = finding(value="a"), finding(value="b", personal=True)

    assert values(*mixed, person_level=False) == ["a"]
    assert values(*mixed) == ["a", "b"]


def test_each_value_is_kept_once():
    assert values(finding(value=" Acme"), finding(value="Acme ")) == ["Acme"]


def test_more_than_a_hundred_are_left_out():
    assert len(values(*(finding(value=str(n)) for n in range(500)))) == MOST_FINDINGS


def test_a_provider_speaks_in_its_own_name_only():
    (one,) = sifted([finding(provider="site")], "directory", True)

    assert one.provider == "directory"


@given(st.text(), st.text(), st.none() | st.text())
@settings(deadline=None)
def test_any_text_is_kept_within_bounds_or_not_at_all(value, note, url):
    for one in sifted([finding(value=value, note=note, source_url=url)], "d", True):
        texts = f"{one.value}{one.note or ''}{one.source_url or ''}"
        assert 1 <= len(one.value) <= MOST_VALUE
        assert len(one.note or "") <= MOST_NOTE
        assert "\0" not in texts
        texts.encode()


def test_an_address_that_is_too_long_is_left_out():
    (one,) = sifted([finding(source_url="https://x.example/" + "a" * MOST_URL)], "d", True)

    assert one.source_url is None
