"""A profile that its address's query names is another one where the query does."""

import pytest

from services.enrichment.comparable import comparable

FACES = "https://faces.example/profile.php"


def same(one, other):
    field = "social_profile"
    return comparable(field, one, "US") == comparable(field, other, "US")


@pytest.mark.parametrize("other", ["?id=2", "", "?user=1", "?id="])
def test_two_profiles_of_one_path_are_two(other):
    assert not same(f"{FACES}?id=1", f"{FACES}{other}")


@pytest.mark.parametrize("other", ["?id=1&lang=de", "?lang=de&id=1", "?id=1#about"])
def test_what_names_nobody_does_not_count(other):
    assert same(f"{FACES}?id=1", f"{FACES}{other}")
