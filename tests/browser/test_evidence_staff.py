"""Evidence at the desk in a browser: sent with progress over a broken line, looked at, searched through."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.looks import flaws
from tests.browser.people import SABANG, Officer, fill, primary, submit, text_of
from tests.browser.test_recording import GIVEN
from tests.browser.test_recording import PAGE as RECORD
from tests.flow.handed_in import SOUND, TEXT
from tests.unit.files.samples import film, jpeg

pytestmark = [pytest.mark.browser]

PART = 8 * 1024**2
LONG = SOUND[:8] + b"suara" * (4 * 1024**2)  # 20 MiB: three parts
WHILE_IT_LASTS = 30_000  # milliseconds
UPLOADS = "**/petugas/unggah/**"
Desk = Callable[..., Page]


@pytest.fixture
def desk(open_page: OpenPage) -> Desk:
    """Open a case that this receiver has just recorded."""

    def open_case(**options: object) -> Page:
        page = open_page(**options)
        Officer(page, f"penerima.{SABANG}").sign_in()
        page.goto(RECORD)
        fill(page.locator("main form").first, GIVEN)
        submit(page, primary(page))
        page.goto(f"/petugas/kasus/{text_of(page, 'register')}/")
        return page

    return open_case


def choose(page: Page, folder: Path, **files: bytes) -> None:
    """Choose files; an underscore in a name stands for its dot."""
    paths = [folder / name.replace("_", ".") for name in files]
    for path, content in zip(paths, files.values(), strict=True):
        path.write_bytes(content)
    page.locator("#evidence").set_input_files(paths)


def pieces(page: Page) -> list[str]:
    return page.locator("#evidence-list .evidence__name").all_inner_texts()


def parts(page: Page) -> list[Request]:
    """Note the parts that the page sends from now on."""
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.method == "PATCH" else None)
    return sent


def arrived(page: Page, *names: str) -> None:
    for name in names:
        expect(page.locator("#evidence-list")).to_contain_text(name, timeout=WHILE_IT_LASTS)


def test_a_file_is_sent_in_parts_and_appears_without_loading_the_page(desk: Desk, tmp_path: Path) -> None:
    page = desk()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    sent = parts(page)
    page.evaluate("window.here = true")
    choose(page, tmp_path, rekaman_aac=LONG, catatan_txt=TEXT)
    arrived(page, "rekaman.aac", "catatan.txt")
    assert page.evaluate("window.here")
    assert [request.headers["upload-offset"] for request in sent] == [
        "0", str(PART), str(2 * PART), str(len(LONG)), "0", str(len(TEXT)),
    ]  # fmt: skip
    assert said == []
    assert page.locator("#evidence-form button[type=submit]").count() == 0


def test_a_broken_line_goes_on_where_it_stopped(desk: Desk, tmp_path: Path) -> None:
    page = desk()
    cut: list[str] = []

    def break_once(route: Route) -> None:
        if route.request.method == "PATCH" and len(cut) < 2 and route.request.headers["upload-offset"] != "0":
            cut.append(route.request.headers["upload-offset"])
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(UPLOADS, break_once)
    sent = parts(page)
    choose(page, tmp_path, rekaman_aac=LONG)
    arrived(page, "rekaman.aac")
    assert cut == [str(PART)] * 2
    assert [request.headers["upload-offset"] for request in sent] == [
        "0", *[str(PART)] * 3, str(2 * PART), str(len(LONG)),
    ]  # fmt: skip
    assert pieces(page) == ["rekaman.aac"]


def test_the_same_file_chosen_after_a_reload_goes_on(desk: Desk, tmp_path: Path) -> None:
    page = desk()

    def break_later(route: Route) -> None:
        later = route.request.method == "PATCH" and route.request.headers["upload-offset"] != "0"
        route.abort("connectionreset") if later else route.continue_()

    page.route(UPLOADS, break_later)
    with page.expect_request_finished(lambda request: request.method == "PATCH", timeout=WHILE_IT_LASTS):
        choose(page, tmp_path, rekaman_aac=LONG)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.unroute(UPLOADS)
    expect(page.locator("[data-unfinished]")).to_contain_text("rekaman.aac, 39 %")
    assert flaws(page, "case-upload-unfinished") == []
    sent = parts(page)
    choose(page, tmp_path, rekaman_aac=LONG)
    arrived(page, "rekaman.aac")
    assert sent[0].headers["upload-offset"] == str(PART)
    assert pieces(page) == ["rekaman.aac"]


def test_offline_it_waits_and_goes_on_when_the_line_is_back(desk: Desk, tmp_path: Path) -> None:
    page = desk()
    page.context.set_offline(True)
    choose(page, tmp_path, catatan_txt=TEXT)
    again = page.locator("[data-again]").last
    expect(again).to_be_visible()
    assert flaws(page, "case-upload-broken") == []
    page.context.set_offline(False)
    arrived(page, "catatan.txt")


def test_a_session_that_ends_in_the_middle_is_told_and_the_upload_goes_on(desk: Desk, tmp_path: Path) -> None:
    page = desk()
    page.context.clear_cookies(name="sipuma_session")
    choose(page, tmp_path, catatan_txt=TEXT)
    expect(page.locator("[data-again]").last).to_be_visible()
    Officer(page.context.new_page(), f"penerima.{SABANG}").sign_in()
    page.locator("[data-again]").last.click()
    arrived(page, "catatan.txt")


def test_an_upload_is_cancelled(desk: Desk, tmp_path: Path) -> None:
    page = desk()
    page.route(UPLOADS, lambda route: None if route.request.method == "PATCH" else route.continue_())
    with page.expect_request(lambda request: request.method == "PATCH", timeout=WHILE_IT_LASTS):
        choose(page, tmp_path, rekaman_aac=LONG, catatan_txt=TEXT)
    assert page.locator("[data-state]").last.inner_text() == "Menunggu giliran"
    page.locator("[data-cancel]").last.click()
    assert flaws(page, "case-upload-sending") == []
    with page.expect_response(lambda answer: answer.request.method == "DELETE") as deleted:
        page.locator("[data-cancel]").first.click()
    assert deleted.value.status == 204
    page.reload()
    assert page.locator("[data-unfinished]").count() == 0
    assert pieces(page) == []


def test_a_file_that_is_not_taken_says_why(desk: Desk, tmp_path: Path) -> None:
    page = desk()
    choose(page, tmp_path, kosong_txt=b"", catatan_txt=TEXT)
    arrived(page, "catatan.txt")
    assert "kosong.txt" not in page.locator("#evidence-list").inner_text()
    assert page.locator("[data-state]").first.inner_text() != page.locator("[data-state]").last.inner_text()
    assert flaws(page, "case-upload-refused") == []
    assert "100 %" not in page.locator("[data-files]").inner_text()
    assert not any(one.is_visible() for one in page.locator("[data-files] progress").all())
    submit(page, page.locator("#evidence-list a"))
    assert page.locator("main textarea").first.input_value() == TEXT.decode()
    assert flaws(page, "evidence-text") == []


def test_a_file_with_a_virus_is_said_to_be_quarantined(desk: Desk, tmp_path: Path) -> None:
    page = desk()

    def find_a_virus(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers=answer.headers | {"sipuma-scan": "infected"})

    page.route(UPLOADS, find_a_virus)
    choose(page, tmp_path, catatan_txt=TEXT)
    arrived(page, "catatan.txt")
    expect(page.locator("[data-state]").last).to_contain_text("dikarantina")


def test_without_scripts_the_form_sends_everything_at_once(desk: Desk, tmp_path: Path) -> None:
    page = desk(java_script_enabled=False)
    assert flaws_without_scripts(page) == []
    choose(page, tmp_path, rekaman_aac=LONG, catatan_txt=TEXT)
    submit(page, page.locator("#evidence-form button[type=submit]"))
    assert sorted(pieces(page)) == ["catatan.txt", "rekaman.aac"]
    choose(page, tmp_path, kosong_txt=b"")
    submit(page, page.locator("#evidence-form button[type=submit]"))
    assert "kosong.txt" in page.locator("[role=alert]").inner_text()


def flaws_without_scripts(page: Page) -> list[str]:
    """Return what only the script can use but is shown without it."""
    return [
        name
        for name in ("[data-unfinished]", "[data-cancel]", "progress")
        for _one in page.locator(name).all()
        if _one.is_visible()
    ]


def test_a_picture_and_its_page_look_right(desk: Desk, tmp_path: Path) -> None:
    page = desk()
    choose(page, tmp_path, foto_jpg=jpeg())
    arrived(page, "foto.jpg")
    assert flaws(page, "case-evidence") == []
    submit(page, page.locator("#evidence-list a"))
    expect(page.locator("main img")).to_have_js_property("complete", value=True)
    assert page.locator("main img").evaluate("picture => picture.naturalWidth") > 0
    assert flaws(page, "evidence-picture") == []
    submit(page, primary(page))
    assert page.locator("[role=alert]").count() == 1
    assert flaws(page, "evidence-error") == []
    page.locator("[name=reason]").fill("Waktu pengambilan dipersoalkan.")
    with page.expect_download() as saved:
        primary(page).click()
    assert Path(saved.value.path()).read_bytes() == jpeg()


def test_seeking_in_a_film_fetches_that_part_alone(desk: Desk, tmp_path: Path) -> None:
    noise = ("-i", "nullsrc=s=320x180:d=40:r=10,geq=random(1)*255:128:128", "-c:v", "libvpx", "-b:v", "4M")
    content = film(tmp_path, "film.webm", *noise, "-deadline", "realtime", "-cpu-used", "8", "-g", "25")
    page = desk()
    choose(page, tmp_path, film_webm=content)
    arrived(page, "film.webm")
    ranges: list[str] = []
    page.on("request", lambda request: ranges.append(request.headers.get("range", "")))
    submit(page, page.locator("#evidence-list a"))
    page.wait_for_function("document.querySelector('video').readyState >= 1")
    page.evaluate("""() => new Promise(done => {
        const film = document.querySelector("video");
        film.addEventListener("seeked", done, {once: true});
        film.currentTime = 35;
    })""")
    asked = [int(one.removeprefix("bytes=").partition("-")[0]) for one in ranges if one]
    assert max(asked) > len(content) // 2
    assert page.evaluate("document.querySelector('video').getBoundingClientRect().width") == 320
    assert flaws(page, "evidence-film") == []


def test_a_recording_has_a_player_that_can_be_seen(desk: Desk, tmp_path: Path) -> None:
    page = desk()
    choose(page, tmp_path, rekaman_flac=film(tmp_path, "suara.flac", "-i", "sine=d=1"))
    arrived(page, "rekaman.flac")
    submit(page, page.locator("#evidence-list a"))
    page.wait_for_function("document.querySelector('audio').readyState >= 1")
    assert page.evaluate("document.querySelector('audio').getBoundingClientRect().height") > 30
    assert flaws(page, "evidence-sound") == []
