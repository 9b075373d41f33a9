"""An outbox with a secrets folder of its own."""

from pathlib import Path

import pytest
from pytest_django import Settings

from sipuma import safe, vault
from sipuma.outbox import delivery
from tests.unit.outbox.box import Postbox


@pytest.fixture
def house(settings: Settings, tmp_path: Path) -> safe.Safe:
    """Give the test a data folder with fresh secrets, so that keys may be destroyed in it."""
    settings.SIPUMA = settings.SIPUMA.model_copy(update={"data": tmp_path})
    folder = safe.at(settings.SIPUMA.secrets)
    folder.create(vault.SigningKey.generate().verify_key)
    return folder


@pytest.fixture
def postbox(house: safe.Safe, monkeypatch: pytest.MonkeyPatch) -> Postbox:
    """Return the gateway that stands in for all."""
    box = Postbox()
    monkeypatch.setattr(delivery, "gateway_of", lambda _channel: box)
    return box
