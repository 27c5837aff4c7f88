"""Every secret setting may come from a file, and never from a file that cannot be read."""

import re
from pathlib import Path

import pytest

from shared import settings
from shared.errors import SettingsError

SOURCE = Path(settings.__file__).read_text(encoding="utf-8")
SECRETS = re.findall(r'reader\.secret\("(\w+)"', SOURCE)
VALUE = "a value of more than thirty-two characters"
BESIDE = {"PROFILER_KEY": {"PROFILER_URL": "https://profiler.example"}}
"""What a secret is of no use without."""


def test_every_setting_that_is_secret_by_its_name_is_read_as_one():
    named = set(re.findall(r'"(\w*(?:SECRET|PASSWORD|TOKEN|DATABASE_URL|(?<!PER)_KEY))"', SOURCE))

    assert named == set(SECRETS)
    assert len(SECRETS) >= 4


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_read_from_the_file_that_is_named(name, tmp_path):
    path = tmp_path / "secret"
    path.write_text(f"{VALUE}\n")
    field = name.lower().removeprefix("leadfly_")

    loaded = settings.load({f"{name}_FILE": str(path)} | BESIDE.get(name, {}))

    assert getattr(loaded, field) == VALUE


@pytest.mark.parametrize("content", [None, "", " \n"])
@pytest.mark.parametrize("name", SECRETS)
def test_a_file_without_a_secret_is_refused_by_name(name, content, tmp_path):
    path = tmp_path / "secret"
    if content is not None:
        path.write_text(content)

    with pytest.raises(SettingsError) as refused:
        settings.load({f"{name}_FILE": str(path)})

    assert f"{name}_FILE" in refused.value.details
