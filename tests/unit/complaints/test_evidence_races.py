"""Evidence that is added at the very moment when its reception is completed."""

import pytest

from sipuma.cases.entries import Sealed
from sipuma.cases.evidence import seal_evidence
from sipuma.complaints import evidence
from sipuma.complaints.evidence import add_by_desk, pieces_for
from sipuma.files.acceptance import Acceptance
from tests.world import RecordCase, World, move


def test_a_desk_keeps_no_seal_on_a_file_that_it_adds_while_a_colleague_completes_the_reception(
    world: World, record_case: RecordCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaint, receiver = record_case(), world.officer("penerima")
    case = complaint.now()
    assert case.reception is not None
    arriving = Acceptance("kuitansi.txt", limit=1000)
    arriving.write(b"Rp 500.000\n")

    def sealed_late(*args: object, **kwargs: object) -> Sealed:
        made = seal_evidence(*args, **kwargs)  # type: ignore[arg-type]
        move(complaint, "tell_register", by=receiver, told="telepon", note="")
        move(complaint, "complete_reception", by=receiver)
        return made

    monkeypatch.setattr(evidence, "seal_evidence", sealed_late)
    add_by_desk(case, [arriving.finish()], by=receiver, desk=case.reception)
    assert pieces_for(case, receiver) == []
    assert [one.name for one in pieces_for(case, world.officer("verifikator"))] == ["kuitansi.txt"]
