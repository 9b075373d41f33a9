"""The pages that only tell: channels, procedure, privacy, how it works."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sipuma.complaints.deadlines import STAGES
from sipuma.complaints.states import BY_NAME, STATES, S
from sipuma.offices.models import Office
from tests.flow.pages import Page
from tests.world import SABANG


def read(client: Client, address: str) -> str:
    return " ".join(Page(client.get(address).content.decode()).text.split())


def test_home_offers_two_choices_and_the_other_official_channels(client: Client) -> None:
    html = client.get("/en/").content.decode()
    order = ["/en/lapor/", "/en/lacak/", "https://www.lapor.go.id/", "https://www.wise.kemenkeu.go.id/"]
    places = [html.index(f'href="{address}"') for address in order]
    assert places == sorted(places)
    assert "free of charge" in html


@pytest.mark.usefixtures("world")
class TestChannels:
    """National channels and each office's own (R28, R29)."""

    def test_national_channels_are_listed(self, client: Client) -> None:
        text = read(client, "/en/saluran/")
        for channel in ("pengaduan.beacukai@customs.go.id", "(021) 1500 225", "(021) 4890966", "SP4N LAPOR"):
            assert channel in text
        assert "free of charge" in text

    def test_an_office_shows_its_own_channels(self, client: Client) -> None:
        Office.objects.filter(pk=SABANG).update(phone="0652 21105", email="kantor@bc.example", fax="0652 1")
        text = read(client, "/en/saluran/?q=sabang")
        for channel in ("0652 21105", "kantor@bc.example", "0652 1"):
            assert channel in text
        assert "Malili" not in text

    def test_every_office_is_on_one_of_the_pages(self, client: Client) -> None:
        pages = "".join(read(client, f"/en/saluran/?page={number}") for number in range(1, 9))
        assert all(name in pages for name in Office.objects.values_list("name", flat=True))

    def test_pages_follow_each_other(self, client: Client) -> None:
        assert 'href="?page=2"' in client.get("/en/saluran/").content.decode()
        html = client.get("/en/saluran/?q=jakarta&page=2").content.decode()
        assert 'href="?q=jakarta&amp;page=1"' in html

    @pytest.mark.parametrize("page", ["0", "-1", "999", "x", "\x00"])
    def test_a_page_that_is_none_shows_one_that_is(self, client: Client, page: str) -> None:
        assert client.get("/en/saluran/", {"page": page}).status_code == 200

    @pytest.mark.parametrize("text", ["Atlantis", "\x00<b>", "x" * 5000])
    def test_a_search_without_a_result_says_what_to_do(self, client: Client, text: str) -> None:
        response = client.get("/en/saluran/", {"q": text})
        assert "Write the town alone, or fewer words." in response.content.decode()
        assert "<b>" not in response.content.decode()

    def test_looking_needs_two_queries_at_most(
        self, client: Client, django_assert_max_num_queries: Callable[[int], CaptureQueriesContext]
    ) -> None:
        with django_assert_max_num_queries(2):
            client.get("/en/saluran/?page=3")


def test_the_procedure_shows_every_public_label_and_every_norm(client: Client) -> None:
    text = read(client, "/en/prosedur/")
    shown = [state for state in STATES if state.name != S.MOVED]  # a ticket shows where the case went on
    assert all(str(state.public) in text for state in shown)
    assert str(BY_NAME[S.MOVED].public) not in text
    assert all(stage.norm in text for stage in STAGES)


def test_the_privacy_notice_names_ground_rights_and_contact(client: Client) -> None:
    text = read(client, "/en/privasi/")
    for part in ("Law 27 of 2022", "not stored", "pengaduan.beacukai@customs.go.id", "our server sees"):
        assert part in text


def test_how_it_works_says_what_cannot_be_promised(client: Client) -> None:
    text = read(client, "/en/cara-kerja/")
    assert "What we cannot promise" in text
    assert "our server sees what is on it" in text


@pytest.mark.parametrize("address", ["/", "/saluran/", "/cara-kerja/", "/privasi/", "/prosedur/"])
def test_pages_that_only_tell_take_no_post(client: Client, address: str) -> None:
    response = client.post(address, {"x": "y"})
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"
