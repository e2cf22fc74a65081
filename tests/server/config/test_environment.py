"""Settings that say what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ocrchat_server.config import environment as module
from ocrchat_server.config.environment import SETTINGS, BadSetting, environment
from ocrchat_server.config.secret import secret_key


@pytest.fixture(autouse=True)
def _read_anew() -> Iterator[None]:
    for cached in (environment, module._limits):
        cached.cache_clear()
    yield
    for cached in (environment, module._limits):
        cached.cache_clear()


def test_a_setting_is_read_from_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCRCHAT_PORT", "9000")
    monkeypatch.setenv("OCRCHAT_LIMIT_PAGES", "7")
    assert environment().port == 9000
    assert environment().limits().pages == 7


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("OCRCHAT_PROT", "9000", "no setting OCRCHAT_PROT"),
        ("OCRCHAT_PORT", "many", "OCRCHAT_PORT"),
        ("OCRCHAT_ENGINE", "steam", "OCRCHAT_ENGINE"),
        ("OCRCHAT_LIMIT_PAGES", "-1", "OCRCHAT_LIMIT_PAGES"),
        ("OCRCHAT_PAYMENTS", "stripe", "needs OCRCHAT_STRIPE_KEY and OCRCHAT_STRIPE_WEBHOOK_SECRET"),
        ("OCRCHAT_CONTACT", "javascript:alert(1)", "OCRCHAT_CONTACT"),
        ("OCRCHAT_LIMIT_PAEGS", "1", "no setting OCRCHAT_LIMIT_PAEGS"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting, match=said):
        environment()


def test_every_setting_has_a_meaning() -> None:
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS) > 20
    assert all(setting.meaning.endswith(".") for setting in SETTINGS)


def test_the_secret_key_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    data = tmp_path / "data"
    key = secret_key(data)
    assert len(key) >= 48
    assert secret_key(data) == key
    assert (data / "secret.key").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in data.iterdir()] == ["secret.key"]


def test_a_folder_of_models_must_be_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert environment().models_folder() is None
    environment.cache_clear()
    monkeypatch.setenv("OCRCHAT_MODELS", str(tmp_path))
    assert environment().models_folder() == tmp_path
    environment.cache_clear()
    monkeypatch.setenv("OCRCHAT_MODELS", str(tmp_path / "none"))
    with pytest.raises(BadSetting, match="OCRCHAT_MODELS"):
        environment().models_folder()
