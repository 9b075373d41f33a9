"""What somebody types who does not know which office it is."""

import pytest
from django.test import Client

from tests.flow.test_public_filing import CIRCUMSTANCES, MATTER, Visitor


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("typed", ["Saya tidak tahu", "saya tidak tahu.", "tidak tau", "-"])
def test_not_knowing_the_office_goes_on_to_the_next_page(typed: str, client: Client) -> None:
    visitor = Visitor(client).begin().send(**MATTER).send(**CIRCUMSTANCES | {"office": typed})
    assert "email" in visitor.page.form("email").names
