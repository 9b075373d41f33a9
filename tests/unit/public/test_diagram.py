"""The picture of the procedure: every step an arrow, no line too long, nothing on top of anything else."""

from itertools import pairwise

import pytest
from django.utils.translation import override

from sipuma.complaints.procedure import Procedure, Stage, Step, norms_in_force, procedure_of
from sipuma.public.diagram import BOX_CHARS, STEP_CHARS, Drawing, draw

CHIP_HEIGHT = 24


@pytest.fixture(params=["id", "en"])
def shown(request: pytest.FixtureRequest, db: None) -> Procedure:
    with override(request.param):
        return procedure_of(norms_in_force())


def drawings(shown: Procedure) -> list[Drawing]:
    return [draw(stage, shown.finals) for stage in shown.parts]


def step(label: str, target: int) -> Step:
    return Step("x", label, "", target, "", "", "", "")


def test_every_step_is_an_arrow_that_says_the_whole_label_and_where_it_leads(shown: Procedure) -> None:
    for drawing in drawings(shown):
        said = [(" ".join(line.text for line in one.lines), one.target) for one in drawing.arrows]
        assert said == [(one.label, one.target) for one in drawing.stage.steps]


def test_lines_fit_their_place(shown: Procedure) -> None:
    for drawing in drawings(shown):
        assert all(len(line.text) <= BOX_CHARS for line in (*drawing.title, *drawing.lines))
        assert all(len(line.text) <= STEP_CHARS for one in drawing.arrows for line in one.lines)


def test_nothing_is_drawn_over_anything_else(shown: Procedure) -> None:
    for drawing in drawings(shown):
        lines = [line.y for line in (*drawing.title, *drawing.lines)]
        assert all(after > before for before, after in pairwise(lines))
        assert lines[-1] < drawing.box
        heights = [one.y for one in drawing.arrows]
        assert all(after - before > CHIP_HEIGHT for before, after in pairwise(heights))
        assert all(drawing.box < y < drawing.height for y in heights)


def test_the_trunk_runs_into_the_next_state_only_where_a_step_does() -> None:
    stage = Stage(2, "Dua", "", "", None, (step("terus", 3), step("balik", 1)), final=False)
    on, off = (
        draw(stage, frozenset()),
        draw(Stage(4, "Empat", "", "", None, stage.steps, final=False), frozenset()),
    )
    assert (on.goes_on, on.trunk) == (True, on.height)
    assert (off.goes_on, off.trunk) == (False, off.arrows[-1].y)


def test_an_end_has_a_box_alone_and_is_marked_where_it_is_reached() -> None:
    end = draw(Stage(9, "Selesai", "Selesai", "", None, (), final=True), frozenset({9}))
    assert (end.trunk, end.arrows) == (0, ())
    before = draw(
        Stage(8, "Dua", "", "", None, (step("tutup", 9), step("balik", 1)), final=False), frozenset({9})
    )
    assert [one.final for one in before.arrows] == [True, False]


def test_a_word_longer_than_a_line_is_broken() -> None:
    drawing = draw(Stage(1, "x" * 200, "", "", None, (step("y" * 100, 2),), final=False), frozenset())
    assert len(drawing.title) > 5
    assert len(drawing.arrows[0].lines) == 4
