"""A language model is set by its address and name; its key shows nowhere."""

import pytest

from trato.cli.installation import load_settings
from trato.kit.errors import Invalid


def test_without_settings_there_is_none() -> None:
    assert load_settings().language_model is None
    assert load_settings(model_url="", model_name="").language_model is None


def test_with_both_there_is_one_and_its_key_is_not_shown(monkeypatch) -> None:
    monkeypatch.setenv("TRATO_MODEL_URL", "http://10.0.0.5:8080/v1/")
    monkeypatch.setenv("TRATO_MODEL_NAME", "toy")
    monkeypatch.setenv("TRATO_MODEL_KEY", "sk-0123456789")
    monkeypatch.setenv("TRATO_MODEL_TIMEOUT_S", "12.5")
    settings = load_settings()
    model = settings.language_model
    assert model is not None
    assert (model.url, model.name, model.limit_s) == ("http://10.0.0.5:8080/v1", "toy", 12.5)
    assert "sk-0123456789" not in repr(settings) + repr(model) + str(settings.model_dump())


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"TRATO_MODEL_URL": "http://127.0.0.1/v1"}, "TRATO_MODEL_NAME"),
        ({"TRATO_MODEL_NAME": "toy"}, "TRATO_MODEL_NAME"),
        ({"TRATO_MODEL_URL": "127.0.0.1/v1", "TRATO_MODEL_NAME": "toy"}, "TRATO_MODEL_URL"),
        ({"TRATO_MODEL_TIMEOUT_S": "0"}, "TRATO_MODEL_TIMEOUT_S"),
    ],
)
def test_half_a_setting_is_told(given, wrong, monkeypatch) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Invalid, match=wrong):
        load_settings()
