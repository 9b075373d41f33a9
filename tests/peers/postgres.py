"""A PostgreSQL for tests that need one whatever the run's own database is."""

from collections.abc import Iterator

import pytest
from django.conf import settings

from tools.with_postgres import private_cluster


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """The address of the run's own cluster, or of one started for these tests."""
    address = settings.SIPUMA.database_url
    if address.startswith("postgres"):
        yield address
        return
    with private_cluster() as own:
        yield own
