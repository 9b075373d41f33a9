"""What each move does to a case: the fields it changes, the texts it seals, the seals it hands on."""

from sipuma.complaints.effects.assessment import (
    add_follow_up,
    close,
    decide_study,
    report_follow_up,
    submit_study,
)
from sipuma.complaints.effects.assigning import (
    assign,
    give_back,
    take_on,
)
from sipuma.complaints.effects.conversation import (
    message,
    note,
    unit_note,
    withdraw,
)
from sipuma.complaints.effects.decisions import (
    forward_wise,
    pyb_not_actionable,
    return_to_pyb,
    return_to_verifier,
)
from sipuma.complaints.effects.escalation import escalate_conflict
from sipuma.complaints.effects.linking import link_cases, unlink_cases
from sipuma.complaints.effects.reception import (
    add_data,
    complete_reception,
    reissue_ticket,
    retract_employee,
    send_ticket,
    set_archive,
    tell_register,
)
from sipuma.complaints.effects.verification import (
    answer,
    assess,
    hand_to,
    lapse,
    not_actionable,
    record_employee,
    refer_to_unit,
    request_data,
    take,
    transfer,
)

__all__ = [
    "add_data",
    "add_follow_up",
    "answer",
    "assess",
    "assign",
    "close",
    "complete_reception",
    "decide_study",
    "escalate_conflict",
    "forward_wise",
    "give_back",
    "hand_to",
    "lapse",
    "link_cases",
    "message",
    "not_actionable",
    "note",
    "pyb_not_actionable",
    "record_employee",
    "refer_to_unit",
    "reissue_ticket",
    "report_follow_up",
    "request_data",
    "retract_employee",
    "return_to_pyb",
    "return_to_verifier",
    "send_ticket",
    "set_archive",
    "submit_study",
    "take",
    "take_on",
    "tell_register",
    "transfer",
    "unit_note",
    "unlink_cases",
    "withdraw",
]
