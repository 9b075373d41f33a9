"""What the doctor says of packages on their way to WISE."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from sipuma.cases.models import Case
from sipuma.complaints.models import Dispatch
from sipuma.config import checkup
from tests.world import FileCase


@pytest.fixture
def _folder(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = settings.SIPUMA.model_copy(update={"wise_url": "file:///srv/wise"})
    monkeypatch.setattr(settings, "SIPUMA", changed)


def waiting(case: Case, hours: int, error: str = "") -> None:
    at = timezone.now() - timedelta(hours=hours)
    Dispatch.objects.create(case=case, content=b"x", sha256="0" * 64, made_at=at, next_at=at, error=error)


@pytest.mark.django_db
def test_without_a_folder_nothing_is_looked_for() -> None:
    assert checkup.wise() == (True, "packages are handed over by the PYB (SIPUMA_WISE_URL is empty)")


@pytest.mark.usefixtures("_folder")
def test_packages_that_wait_for_long_are_counted_with_the_reason(file_case: FileCase) -> None:
    waiting(file_case().case, 0)
    assert checkup.wise() == (True, "0 waiting for over an hour")
    waiting(file_case().case, 2)
    assert checkup.wise() == (False, "1 waiting for over an hour")
    waiting(file_case().case, 3, "FileNotFoundError")
    assert checkup.wise() == (
        False,
        "2 waiting for over an hour (FileNotFoundError): check SIPUMA_WISE_URL",
    )
