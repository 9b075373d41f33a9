"""The queue: what stands in it for whom, its filters, its pages, and how many queries it takes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sipuma.cases.models import Case
from sipuma.outbox.models import SweepRun
from tests.flow.staff import QUEUE, browser_of, page_of, text_of
from tests.world import ACEH, KI, MALILI, SABANG, Complaint, FileCase, World, assessed, move

ENGLISH = "/en/petugas/"


def referred(world: World, complaint: Complaint, unit: str = SABANG) -> None:
    officer = world.officer("verifikator")
    move(complaint, "take", by=officer)
    move(complaint, "assess", by=officer, **assessed(type="T2a", category="waktu"))
    move(complaint, "route_unit", by=officer, unit=unit, referral="Tolong periksa antrean loket.")


def test_an_open_case_stands_in_its_teams_queue_and_in_no_others(world: World, file_case: FileCase) -> None:
    register = file_case(what="Petugas meminta uang tunai di loket impor.").case.register
    page = text_of(browser_of(world, "verifikator").get(QUEUE))
    assert register in page
    assert "Petugas meminta uang tunai di loket impor." in page
    for role, office in (
        ("verifikator", MALILI),
        ("pengkaji-unit", SABANG),
        ("pyb", KI),
        ("kustodian", ACEH),
    ):
        assert register not in text_of(browser_of(world, role, office).get(QUEUE))


def test_cases_of_a_team_without_people_wait_with_its_supervisor(world: World, file_case: FileCase) -> None:
    register = file_case(MALILI).case.register
    assert register in text_of(browser_of(world, "kepala-uki", "110000").get(QUEUE))


def test_an_empty_queue_says_so(world: World) -> None:
    page = text_of(browser_of(world, "verifikator").get(ENGLISH))
    assert "Nothing needs you now" in page


def test_a_member_without_a_team_reads_what_to_do(world: World) -> None:
    assert "You aren’t in a team yet" in text_of(browser_of(world, "admin").get(ENGLISH))


def test_the_earliest_due_comes_first_and_overdue_is_said_in_words(world: World, file_case: FileCase) -> None:
    first, second = file_case().case, file_case().case
    Case.objects.filter(pk=second.pk).update(due=timezone.now() - timedelta(days=1))
    page = text_of(browser_of(world, "verifikator").get(ENGLISH))
    assert page.index(second.register) < page.index("Overdue", page.index(second.register))
    assert page.index(second.register) < page.index(first.register)
    assert "Overdue" not in page[page.index(first.register) :]


def test_a_long_text_is_cut(world: World, file_case: FileCase) -> None:
    file_case(what="panjang " * 100)
    page = text_of(browser_of(world, "verifikator").get(QUEUE))
    assert "panjang panjang" in page
    assert "…" in page
    assert "panjang " * 15 not in page


def test_a_unit_reads_the_referral_and_not_the_complaint(world: World, file_case: FileCase) -> None:
    complaint = file_case(what="Rahasia pengadu.")
    referred(world, complaint)
    page = text_of(browser_of(world, "pengkaji-unit").get(QUEUE))
    assert "Tolong periksa antrean loket." in page
    assert "Rahasia pengadu." not in page


def test_a_unit_with_a_follow_up_to_do_sees_the_case_until_it_has_reported(
    world: World, file_case: FileCase
) -> None:
    complaint = file_case()
    referred(world, complaint)
    unit, head = world.officer("pengkaji-unit"), world.officer("kepala-uki")
    move(complaint, "submit_study", by=unit, facts="F", conclusion="K", recommendation="R")
    assert complaint.case.register in text_of(browser_of(world, "kepala-uki").get(QUEUE))
    move(complaint, "approve_study", by=head, note="")
    move(
        complaint,
        "add_follow_up",
        by=world.officer("pengkaji-unit"),
        follow_up_kind="perbaikan",
        executor=MALILI,
        follow_up_due=timezone.localdate() + timedelta(days=3),
        instruction="Perbaiki nomor antrean.",
    )
    client = browser_of(world, "pengkaji-unit", MALILI)
    page = text_of(client.get(QUEUE))
    assert complaint.case.register in page
    assert "Perbaiki nomor antrean." in page
    pk = str(complaint.case.follow_ups.get().pk)
    client.post(
        page_of(complaint.case.register), {"move": "report_follow_up", "follow_up": pk, "result": "Selesai."}
    )
    assert complaint.case.register not in text_of(client.get(QUEUE))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=DITERIMA", {"received"}),
        ("state=VERIFIKASI", {"taken", "typed"}),
        ("type=T1", {"typed"}),
        ("due=overdue", {"received"}),
        ("due=week", {"taken", "typed"}),
        ("due=today", set()),
        ("state=VERIFIKASI&type=T1&due=week", {"typed"}),
        ("state=SELESAI", set()),
    ],
)
def test_filters_narrow_the_queue(world: World, file_case: FileCase, query: str, expected: set[str]) -> None:
    cases = {name: file_case() for name in ("received", "taken", "typed")}
    officer = world.officer("verifikator")
    move(cases["taken"], "take", by=officer)
    move(cases["typed"], "take", by=officer)
    move(cases["typed"], "assess", by=officer, **assessed())
    soon, late = timezone.now() + timedelta(days=5), timezone.now() - timedelta(hours=1)
    Case.objects.update(due=soon)
    Case.objects.filter(pk=cases["received"].case.pk).update(due=late)
    page = text_of(browser_of(world, "verifikator").get(f"{QUEUE}?{query}"))
    assert {name for name, one in cases.items() if one.case.register in page} == expected


def test_a_filter_by_team_shows_that_teams_cases(world: World, file_case: FileCase) -> None:
    sabang, malili = file_case(SABANG).case, file_case(MALILI).case
    client = browser_of(world, "verifikator", KI)
    page = text_of(client.get(f"{QUEUE}?team={malili.team_id}"))
    assert malili.register in page
    assert sabang.register not in page


def test_an_unknown_filter_is_named_and_the_rest_still_works(world: World, file_case: FileCase) -> None:
    register = file_case().case.register
    answer = browser_of(world, "verifikator").get(f"{QUEUE}?state=NOWHERE&due=week")
    assert answer.status_code == 400
    assert 'href="#id_state"' in answer.content.decode()
    assert register in text_of(answer)


def test_closed_cases_are_found_among_all(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    officer = world.officer("verifikator")
    move(complaint, "take", by=officer)
    move(complaint, "assess", by=officer, **assessed())
    move(complaint, "not_actionable", by=officer, reason="A", explanation="Kurang jelas.")
    client = browser_of(world, "verifikator")
    assert complaint.case.register not in text_of(client.get(QUEUE))
    assert complaint.case.register in text_of(client.get(f"{QUEUE}?scope=all"))
    assert complaint.case.register not in text_of(
        browser_of(world, "kustodian", ACEH).get(f"{QUEUE}?scope=all")
    )


def registers(answer: object) -> list[str]:
    return [line.case.register for line in answer.context["lines"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize("scope", ["todo", "all"])
def test_pages_follow_each_other_both_ways_without_gap_or_repetition(
    world: World, file_case: FileCase, scope: str
) -> None:
    first = file_case().case
    same = ("service", "office", "team", "verification", "channel", "state", "due", "public")
    shared = {name: getattr(first, name) for name in same}
    numbers = range(100, 159)
    rows = [Case(register=f"130300-2026-{number:06d}", **shared) for number in numbers]
    made = Case.objects.bulk_create(rows)
    seal = first.seals.get(object=first.uid)
    type(seal).objects.bulk_create(
        type(seal)(case=case, object=case.uid, reader=seal.reader, sealed=seal.sealed) for case in made
    )
    client = browser_of(world, "verifikator")
    seen, address = [], f"{QUEUE}?scope={scope}"
    pages = []
    while address:
        answer = client.get(address)
        pages.append(registers(answer))
        seen += pages[-1]
        address = answer.context["next"]
    expected = list(
        Case.objects.order_by("pk" if scope == "todo" else "-pk").values_list("register", flat=True)
    )
    assert seen == expected
    assert [len(page) for page in pages] == [25, 25, 10]
    back = client.get(answer.context["previous"])
    assert registers(back) == pages[1]
    assert registers(client.get(back.context["previous"])) == pages[0]


def test_a_place_that_is_none_shows_the_first_page(world: World, file_case: FileCase) -> None:
    register = file_case().case.register
    client = browser_of(world, "verifikator")
    for place in ("x", "9" * 40 + "-1", "1-", "-", "1-" + "9" * 30):
        assert client.get(f"{QUEUE}?after={place}").status_code == 200
    assert register in text_of(client.get(f"{QUEUE}?after=x"))


@pytest.mark.parametrize("path", [QUEUE, f"{QUEUE}?scope=all"])
def test_the_number_of_queries_does_not_grow_with_the_cases(
    world: World, file_case: FileCase, path: str
) -> None:
    client = browser_of(world, "verifikator")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    file_case()
    one = queries()
    file_case()
    file_case()
    assert queries() == one
    for _number in range(22):
        file_case()
    assert queries() == one
    assert one <= 22


def silent(answer: object) -> bool:
    return "worker is silent" in text_of(answer)  # type: ignore[arg-type]


def test_a_silent_worker_is_noticed(world: World, file_case: FileCase) -> None:
    client = browser_of(world, "verifikator")
    assert not silent(client.get(ENGLISH))
    file_case()  # its notices wait to be sent
    assert silent(client.get(ENGLISH))
    SweepRun.objects.create(name="outbox", finished_at=timezone.now())
    assert not silent(client.get(ENGLISH))
    SweepRun.objects.update(finished_at=timezone.now() - timedelta(minutes=6))
    assert silent(client.get(ENGLISH))
    assert silent(client.get(f"{ENGLISH}tim/"))
