"""The services read texts by the model that their settings name, or do not start."""

from dataclasses import replace
from importlib.resources import files

import pytest

import services.signals.app
from services.signals import model as models
from services.signals.app import MODEL
from shared.errors import SettingsError


def test_a_model_of_ones_own_is_read_by(local_settings, tmp_path):
    path = tmp_path / "own.bin"
    path.write_bytes((files("services.signals") / "data" / "model.bin").read_bytes())

    app = services.signals.app.create_app(replace(local_settings, signals_model=path))
    app.extensions["leadfly"].database.close()

    assert app.extensions[MODEL].version == models.shipped().version


@pytest.mark.parametrize("content", [b"", b"no model"])
def test_a_file_that_is_no_model_refuses_to_start(local_settings, tmp_path, content):
    path = tmp_path / "own.bin"
    path.write_bytes(content)

    with pytest.raises(SettingsError) as refused:
        services.signals.app.create_app(replace(local_settings, signals_model=path))

    assert "LEADFLY_SIGNALS_MODEL" in refused.value.details
