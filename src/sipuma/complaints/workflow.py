"""SIPUMA's procedure (DOMAIN section 7): permissions, buttons, notices and diagram come from this table."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as pgettext

from sipuma.cases.workflow import Field, Move, Workflow
from sipuma.complaints import conflict, deadlines, effects, guards, joining, linking, profiles, reopening
from sipuma.complaints.excluding import heeding_conflicts, pyb_is_not_reported
from sipuma.complaints.fields import (
    ADDITION_FIELDS,
    ANSWER,
    ASSIGNEE,
    CLOSING_FIELDS,
    EMPLOYEE_FIELDS,
    FIVE,
    FOLLOW_UP_FIELDS,
    HANDOVER_NOTE,
    HELPED_FIELDS,
    REASON,
    STUDY_FIELDS,
    TARGET_KI,
    TELLING_FIELDS,
    TICKET_FIELDS,
    every_office,
    open_follow_ups,
    recorded_employees,
    text,
    working_units,
)
from sipuma.complaints.mentions import mentions_can_read
from sipuma.complaints.reminding import a_reminder_is_due, remind
from sipuma.complaints.states import OPEN, STATES, S
from sipuma.complaints.wise import returning
from sipuma.complaints.words import (
    FOLLOW_UP_OUTCOMES,
    SERVICE,
    STUDY_OUTCOMES,
    VERIFIER_REASONS,
    Category,
    Type,
)
from sipuma.offices.loading import KI
from sipuma.offices.models import TeamKind
from sipuma.offices.places import Role

ASSESSMENTS = (S.ASSESSMENT, S.UNIT)
ASSESSORS = (Role.ASSESSOR, Role.UNIT)
CLOSERS = (Role.ASSESSOR, Role.UNIT, Role.HEAD)
NOT_BOTH_VERIFY = guards.not_both(guards.ASSESSING)
NOT_BOTH_ASSESS = guards.not_both(guards.VERIFYING)
HANDLERS = (Role.VERIFIER, Role.PYB, Role.ASSESSOR, Role.UNIT, Role.HEAD)
ASSIGNING = ("assign", "take_on", "unassign")
NOTE_HINT = _("Only those who handle the case read this. @ and a user name tells that colleague.")
CLOSING = _("The case is completed, and the complainant reads the answer.")

# Nothing is done any more where only the number is left.
EVERY = tuple(state.name for state in STATES if state.name != S.MOVED)
AT_THE_DESK = (Role.RECEIVER,)

# fmt: off
MOVES = (
    Move(
        3, "complete_reception", _("Complete the reception"), EVERY, None, AT_THE_DESK,
        "S1 6, S1 10; R21, R22", effects.complete_reception, where="reception",
        ready=(guards.reception_is_open, guards.register_was_told), deadline="reception: 30 minutes",
        consequence=_("From then on the desk can add to this complaint, and read nothing of it any more."),
    ),
    Move(
        0, "tell_register", _("Record that the register number was told"), EVERY, None, AT_THE_DESK,
        "S1 6; R21, R22", effects.tell_register, where="reception", fields=TELLING_FIELDS,
        ready=(guards.reception_is_open,), guards=(guards.no_path_is_true,),
    ),
    Move(
        0, "add_data", _("Add data or a correction (ralat)"), EVERY, None, AT_THE_DESK,
        "S1 5; R20", effects.add_data, where="reception", fields=ADDITION_FIELDS, notify=("verification",),
        consequence=_("What was recorded first stays as it is; this stands beside it with your name."),
    ),
    Move(
        0, "desk_employee", _("Record a reported employee"), EVERY, None, AT_THE_DESK,
        "S1 5; R18", effects.record_employee, where="reception", fields=EMPLOYEE_FIELDS,
        guards=(guards.employee_is_named, guards.nip_has_18_digits),
    ),
    Move(
        0, "set_archive", _("Record where the papers are kept"), EVERY, None, AT_THE_DESK,
        "S1 6; R24", effects.set_archive, where="reception",
        fields=(Field("archive", _("Archive reference"), "line", maximum=200),),
    ),
    Move(
        0, "send_ticket", _("Send a ticket to the complainant"), EVERY, None, AT_THE_DESK,
        "S1 7 to 9; R23, R83", effects.send_ticket, where="reception", fields=TICKET_FIELDS,
        ready=(guards.address_may_change,), notify=("complainant",),
        consequence=_(
            "Only at the complainant’s request. The ticket goes straight there; you don’t see it. "
            "A ticket sent before stops working."
        ),
    ),
    Move(
        4, "take", _("Take into verification"), (S.RECEIVED,), S.VERIFICATION, (Role.VERIFIER,),
        "S2 verifikasi 1; R31", effects.take, guards=(NOT_BOTH_VERIFY,),
        deadline="verification: 3 working days",
        consequence=_("The complainant sees that the complaint is being verified."),
    ),
    Move(
        0, "assess", _("Assess the five elements"), (S.VERIFICATION,), None, (Role.VERIFIER,),
        "S2 verifikasi 1; R32, R33", effects.assess,
        fields=(
            *FIVE,
            Field("type", _("Type"), "choice", choices=Type.choices),
            Field("category", _("Category"), "choice", choices=Category.choices),
            text("assessment", pgettext("element", "Assessment"), required=False),
        ),
        guards=(NOT_BOTH_VERIFY,),
    ),
    Move(
        0, "record_employee", _("Record a reported employee"), (S.VERIFICATION,), None, (Role.VERIFIER,),
        "S1 5; R18, R42", effects.record_employee, fields=EMPLOYEE_FIELDS,
        guards=(NOT_BOTH_VERIFY, guards.employee_is_named, guards.nip_has_18_digits),
    ),
    Move(
        0, "retract_employee", _("Take a mistaken reported employee out"), (S.VERIFICATION,), None,
        (Role.VERIFIER,), "S1 5; R20", effects.retract_employee,
        fields=(
            Field("employee", _("Reported employee"), "choice", choices=recorded_employees), REASON,
        ),
        ready=(guards.employees_are_recorded,), guards=(NOT_BOTH_VERIFY,),
    ),
    Move(
        5, "request_data", _("Ask for additional data"), (S.VERIFICATION,), S.WAITING, (Role.VERIFIER,),
        "S2 verifikasi 2; R36, R37", effects.with_joined(effects.request_data, effects.asked_words),
        fields=(text("question", _("Question to the complainant")),),
        ready=(joining.nothing_is_proposed, guards.can_be_asked), guards=(NOT_BOTH_VERIFY,),
        notify=("complainant",), deadline="answer: 14 calendar days",
        consequence=_("After this the complainant is told, and a period of 14 days begins."),
    ),
    Move(
        6, "answer", _("Answer the request"), (S.WAITING,), S.VERIFICATION,
        (Role.COMPLAINANT, Role.RECEIVER), "S2 verifikasi 2; R38", effects.answer, where="reception",
        fields=(text("message", _("Answer")),), guards=(guards.answer_is_in_time,),
        notify=("verification",),
    ),
    Move(
        6, "joined_answer", _("Answer of a joined complaint"), (S.WAITING,), S.VERIFICATION, (Role.SYSTEM,),
        "S2 verifikasi 2; DOMAIN 7 move 23", effects.answer_from_joined, guards=(guards.answer_is_in_time,),
        notify=("verification",),
    ),
    Move(
        7, "lapse", _("Close for want of an answer"), (S.WAITING,), S.NOT_ACTIONABLE,
        (Role.SYSTEM, Role.VERIFIER), "S2 verifikasi 2; R39, R40",
        effects.with_joined(effects.lapse, effects.lapse_words),
        guards=(guards.period_is_over,), notify=("complainant", "verification"),
        deadline="day 15, 00:00 at the office",
        consequence=_("The complaint is closed by reason B, and the complainant is told."),
    ),
    Move(
        0, "remind", _("Remind of the request"), (S.WAITING,), None, (Role.SYSTEM,),
        "DOMAIN 8", remind, guards=(a_reminder_is_due,), notify=("complainant",),
        deadline="days 7 and 12, 08:00 at the office",
    ),
    Move(
        8, "not_actionable", _("Decide that it can’t be followed up"), (S.VERIFICATION,), S.NOT_ACTIONABLE,
        (Role.VERIFIER,), "S2 verifikasi 6; R41, R42",
        effects.with_joined(effects.not_actionable, effects.said("explanation")),
        fields=(
            Field("reason", _("Reason"), "choice", choices=VERIFIER_REASONS),
            text("explanation", _("Explanation to the complainant"), hint=_("The complainant reads this.")),
        ),
        ready=(joining.nothing_is_proposed, guards.is_assessed),
        guards=(NOT_BOTH_VERIFY, guards.reason_b_is_a_lapse, guards.employee_reasons_hold),
        notify=("complainant",),
        consequence=_("The complaint is closed, and the complainant reads the explanation."),
    ),
    Move(
        9, "route_pyb", _("Send to the PYB"), (S.VERIFICATION,), S.PYB, (Role.VERIFIER,),
        "S2 verifikasi 3; R34", effects.hand_to(TeamKind.PYB, code=KI, entry="routing", names=("finding",)),
        fields=(text("finding", _("Finding of the verification"), required=False),),
        ready=(
            joining.nothing_is_proposed, guards.is_assessed, guards.is_type(Type.T1), pyb_is_not_reported,
        ),
        guards=(NOT_BOTH_VERIFY,), notify=("pyb",), deadline="disposition: 5 working days",
        consequence=_("The PYB can read the whole case and is told at once."),
    ),
    Move(
        10, "route_unit", _("Refer to a related unit"), (S.VERIFICATION,), S.UNIT, (Role.VERIFIER,),
        "S2 verifikasi 4; R35", effects.refer_to_unit,
        fields=(
            Field("unit", _("Related unit"), "office", choices=working_units),
            text(
                "referral",
                _("Referral in your own words"),
                hint=_("The unit reads only this. Leave out whatever points to the complainant."),
            ),
        ),
        ready=(
            joining.nothing_is_proposed, guards.is_assessed,
            guards.is_type(Type.T2A, Type.T2B, Type.SUGGESTION),
        ),
        guards=(NOT_BOTH_VERIFY,), notify=("unit",), deadline="answer of the unit: 14 working days",
        consequence=_("The unit reads the referral, not the case."),
    ),
    Move(
        21, "transfer", _("Transfer to another office"), (S.VERIFICATION,), None, (Role.VERIFIER,),
        "DOMAIN 7 move 21", effects.transfer,
        fields=(Field("target", _("Office"), "office", choices=every_office), REASON),
        ready=(joining.nothing_is_proposed,), guards=(NOT_BOTH_VERIFY, guards.target_is_other),
        notify=("verification",),
        consequence=_("You lose sight of the case; its register number and its deadline stay."),
    ),
    Move(
        0, "escalate_conflict", _("Send one level up (conflict of interest)"),
        (S.RECEIVED, S.VERIFICATION), S.MOVED, (Role.VERIFIER,), "DOMAIN 14; R60",
        effects.with_released(effects.escalate_conflict), fields=(REASON,),
        ready=(joining.nothing_is_proposed, conflict.somebody_is_above),
        notify=("verification", "complainant"),
        consequence=_(
            "The case gets new keys and a new register number at the office above. Nobody here can open it "
            "any more; the number here stays in the register book as moved."
        ),
    ),
    Move(
        0, "propose_closing", _("Propose to close as duplicate or spam"), (S.VERIFICATION,), None,
        (Role.VERIFIER,), "DOMAIN 7 move 23", effects.propose_closing, fields=CLOSING_FIELDS,
        ready=(joining.nothing_is_proposed,), guards=(NOT_BOTH_VERIFY, joining.joined_case_is_sound),
        notify=("head",), consequence=_("The head of the compliance unit decides on it."),
    ),
    Move(
        23, "confirm_closing", _("Close as proposed"), (S.VERIFICATION,), S.CLOSED, (Role.HEAD,),
        "DOMAIN 7 move 23", effects.confirm_closing, silent=True, ready=(joining.closing_is_proposed,),
        personal=(joining.is_not_the_proposer,), guards=(joining.main_is_sound,), notify=("complainant",),
        consequence=_("The complainant is told. Nothing is deleted, and the ticket goes on working."),
    ),
    Move(
        0, "refuse_closing", _("Refuse to close it"), (S.VERIFICATION,), None, (Role.HEAD,),
        "DOMAIN 7 move 23", effects.drop_proposal, fields=(REASON,), silent=True,
        ready=(joining.closing_is_proposed,), personal=(joining.is_not_the_proposer,),
        notify=("verification",),
    ),
    Move(
        0, "take_back_closing", _("Take the proposal back"), (S.VERIFICATION,), None, (Role.VERIFIER,),
        "DOMAIN 7 move 23", effects.drop_proposal, fields=(REASON,), silent=True,
        ready=(joining.closing_is_proposed,), personal=(joining.is_the_proposer,), notify=("verification",),
    ),
    Move(
        0, "undo_closing", _("Take the closing back"), (S.CLOSED,), S.VERIFICATION, (Role.HEAD,),
        "DOMAIN 7 move 23", effects.undo_closing, fields=(REASON,), where="verification",
        notify=("complainant", "verification"),
        consequence=_("It was closed by mistake, and is verified by itself."),
    ),
    Move(
        0, "release", _("The complaint that it joined was withdrawn"), (S.CLOSED,), S.VERIFICATION,
        (Role.SYSTEM,), "DOMAIN 7 moves 23, 24", effects.undo_closing, notify=("complainant", "verification"),
    ),
    Move(
        11, "dispose", _("Dispose to an assessor"), (S.PYB,), S.ASSESSMENT, (Role.PYB,),
        "S2 PYB 1; R44", effects.hand_to(
            TeamKind.ASSESSMENT, entry="disposition", names=("target", "instruction")
        ),
        fields=(TARGET_KI, text("instruction", _("Instruction"), required=False)),
        ready=(conflict.is_not_about_ki, profiles.way_is_open("dispose")),
        guards=(guards.target_assesses,), notify=("assessment",),
        deadline="first substantive answer: 30 days since receipt",
        consequence=_("The assessors of that office can read the whole case and are told at once."),
    ),
    Move(
        12, "forward_wise", _("Forward to the Inspectorate General (WISE)"), (S.PYB,), S.WISE, (Role.PYB,),
        "S2 PYB 2; R45", effects.forward_wise,
        fields=(Field("ground", _("Ground"), "choice", choices=conflict.grounds), REASON),
        guards=(guards.ground_holds,), notify=("complainant",),
        consequence=_("The case ends here, and the complainant is told."),
    ),
    Move(
        13, "pyb_not_actionable", _("Decide that it can’t be followed up"), (S.PYB,), S.NOT_ACTIONABLE,
        (Role.PYB,), "S2 PYB 3; R46",
        effects.with_joined(effects.pyb_not_actionable, effects.said("answer")),
        fields=(text("consideration", _("Consideration (pertimbangan)")), ANSWER),
        ready=(conflict.is_not_about_ki, profiles.way_is_open("pyb_not_actionable")),
        guards=(guards.no_sanction_details,), notify=("complainant",),
        consequence=_("The complaint is closed by reason F, and the complainant reads your answer."),
    ),
    Move(
        14, "return_verifier", _("Return to the verifier"), (S.PYB,), S.VERIFICATION, (Role.PYB,),
        "DOMAIN 7 move 14", effects.return_to_verifier, fields=(REASON,), notify=("verification",),
        ready=(conflict.is_not_about_ki,),
    ),
    Move(
        15, "return_unit", _("Return to the verifier"), (S.UNIT,), S.VERIFICATION, (Role.UNIT,),
        "DOMAIN 7 move 15", effects.return_to_verifier, fields=(REASON,), notify=("verification",),
    ),
    Move(
        22, "return_pyb", _("Return to the PYB"), (S.ASSESSMENT,), S.PYB, (Role.ASSESSOR,),
        "DOMAIN 7 move 22", effects.return_to_pyb, fields=(REASON,), notify=("pyb",),
    ),
    Move(
        0, "submit_study", _("Submit the study (kajian)"), ASSESSMENTS, None, ASSESSORS,
        "KEP154, PMK205; R49", effects.submit_study, fields=STUDY_FIELDS,
        guards=(NOT_BOTH_ASSESS,), notify=("head",),
        consequence=_("The head of the compliance unit reads the study and decides on it."),
    ),
    Move(
        16, "approve_study", _("Approve the study"), ASSESSMENTS, S.FOLLOW_UP, (Role.HEAD,),
        "KEP154, PMK205; R50", effects.decide_study("approved", "note"), where="office",
        fields=(text("note", _("Note to the assessor"), required=False),),
        ready=(guards.study_is("submitted", _("There is no study to decide on.")),),
        notify=("assessment",), deadline="completion: 60 days since receipt",
        consequence=_("Follow-ups can begin."),
    ),
    Move(
        0, "return_study", _("Send the study back"), ASSESSMENTS, None, (Role.HEAD,),
        "DOMAIN 7 move 16", effects.decide_study("returned", "reason"), where="office", fields=(REASON,),
        ready=(guards.study_is("submitted", _("There is no study to decide on.")),), notify=("assessment",),
    ),
    Move(
        17, "close_assessment", _("Answer and close"), ASSESSMENTS, S.DONE, CLOSERS,
        "PMK205, PERPRES76; R52", effects.with_joined(effects.close, effects.said("answer")),
        fields=(Field("outcome", _("Outcome"), "choice", choices=STUDY_OUTCOMES), ANSWER),
        ready=(guards.assessed_study_for_ki,), guards=(NOT_BOTH_ASSESS, guards.no_sanction_details),
        notify=("complainant",), consequence=CLOSING,
    ),
    Move(
        0, "add_follow_up", _("Add a follow-up"), (S.FOLLOW_UP,), None, CLOSERS,
        "SOP-JKT, PMK205, PP94; R51", effects.add_follow_up, fields=FOLLOW_UP_FIELDS,
        guards=(NOT_BOTH_ASSESS, guards.due_in_future), notify=("executor",),
    ),
    Move(
        0, "report_follow_up", _("Report the result of a follow-up"), (S.FOLLOW_UP,), None,
        (Role.UNIT, Role.ASSESSOR), "R51", effects.report_follow_up, where="executor",
        fields=(
            Field("follow_up", _("Follow-up"), "choice", choices=open_follow_ups),
            text("result", _("Result")),
        ),
        guards=(guards.follow_up_is_theirs,), notify=("assessment",),
    ),
    Move(
        18, "close_follow_up", _("Answer and close"), (S.FOLLOW_UP,), S.DONE, CLOSERS,
        "PMK205, PP94; R52", effects.with_joined(effects.close, effects.said("answer")),
        fields=(Field("outcome", _("Outcome"), "choice", choices=FOLLOW_UP_OUTCOMES), ANSWER),
        ready=(guards.follow_ups_reported,), guards=(NOT_BOTH_ASSESS, guards.no_sanction_details),
        notify=("complainant",), consequence=CLOSING,
    ),
    Move(
        19, "reopen", _("Reopen the case"), (S.NOT_ACTIONABLE, S.DONE), S.VERIFICATION, (Role.HEAD,),
        "DOMAIN 7 move 19; R56", effects.with_joined(effects.reopen, effects.reopened_words),
        where="verification", fields=(REASON,), ready=(reopening.never_reopened, reopening.new_data_came),
        timely=(reopening.reopening_period,), notify=("complainant", "verification"),
        deadline="10 working days after closing",
        consequence=_("Verification begins anew, with a new assessment. A case can be reopened only once."),
    ),
    Move(
        0, "ask_reopening", _("Ask to reopen the case"), (S.NOT_ACTIONABLE, S.DONE), None,
        (Role.COMPLAINANT, Role.RECEIVER), "DOMAIN 7 move 19; R56", effects.ask_reopening, where="reception",
        fields=(text("message", _("What is new, or was not looked at?")),),
        ready=(reopening.never_reopened, reopening.not_asked_before), timely=(reopening.reopening_period,),
        notify=("head",), deadline="10 working days after closing",
        consequence=_("Only at the complainant’s wish, and only once."),
    ),
    Move(
        0, "decline_reopening", _("Decline to reopen"), (S.NOT_ACTIONABLE, S.DONE), None, (Role.HEAD,),
        "DOMAIN 7 move 19; R56", effects.decline_reopening, where="verification", fields=(ANSWER,),
        silent=True, ready=(reopening.is_asked_for,), guards=(guards.no_sanction_details,),
        notify=("complainant",),
        consequence=_("The case stays closed, and the complainant reads your answer."),
    ),
    Move(
        0, "say_helped", _("Say whether it helped"), (S.NOT_ACTIONABLE, S.DONE, S.WISE), None,
        (Role.COMPLAINANT,), "DOMAIN 13", effects.say_helped, fields=HELPED_FIELDS,
        ready=(reopening.not_rated_before,), notify=("verification",),
    ),
    Move(
        20, "record_wise", _("Record the WISE register"), (S.WISE,), None, (Role.PYB, Role.HEAD, Role.SYSTEM),
        "S2 PYB 2; R47", returning.record_wise, where="held",
        fields=(
            Field("external_register", _("WISE register number"), "line", maximum=60),
            Field("external_date", _("Date"), "date"),
            text("wise_result", _("Result, if known"), required=False),
            text("correction", _("Why another number is right"), required=False, hint=_(
                "Only where a number is recorded already."
            )),
        ),
        guards=(returning.number_can_be_read, returning.date_has_come, returning.other_number_has_reason),
        notify=("complainant",),
    ),
    Move(
        24, "withdraw", _("Withdraw the complaint"), OPEN, S.WITHDRAWN,
        (Role.COMPLAINANT, Role.RECEIVER), "DOMAIN 7 move 24", effects.with_released(effects.withdraw),
        where="reception",
        consequence=_("Only at the complainant’s wish. The complaint is closed."),
        fields=(text("message", _("Reason"), required=False),), notify=("verification",),
    ),
    Move(
        0, "message", _("Message to the complainant"), EVERY, None,
        (Role.VERIFIER, Role.PYB, Role.ASSESSOR, Role.HEAD), "S2; R10", effects.message, where="held",
        fields=(text("message", _("Message"), hint=_("The complainant reads this.")),),
        ready=(guards.can_read,), notify=("complainant",),
    ),
    Move(
        0, "reissue_ticket", _("Send a new ticket"), EVERY, None, (Role.VERIFIER,),
        "R83", effects.reissue_ticket, where="held", ready=(guards.contact_is_on_file,),
        notify=("complainant",),
        consequence=_("It goes to the contact on file, and the old ticket stops working. You don’t see it."),
    ),
    Move(
        0, "note", _("Internal note"), EVERY, None,
        (Role.VERIFIER, Role.PYB, Role.ASSESSOR, Role.HEAD), "DESIGN 3", effects.note, where="held",
        fields=(text("note", _("Note"), hint=NOTE_HINT),), guards=(mentions_can_read,), notify=("mentioned",),
    ),
    Move(
        0, "link_cases", _("Link to another case"), EVERY, None, (Role.VERIFIER,),
        "DESIGN 3", effects.link_cases, where="held",
        fields=(linking.OTHER, text("reason", _("Reason"), required=False)), guards=(linking.other_fits,),
        consequence=_("Both cases show the other, and go on by themselves."),
    ),
    Move(
        0, "unlink_cases", _("Take a link away"), EVERY, None, (Role.VERIFIER,),
        "DESIGN 3", effects.unlink_cases, where="held",
        fields=(linking.LINKED, text("reason", _("Reason"), required=False)),
        silent=True, ready=(linking.is_linked,), guards=(linking.other_is_readable,),
    ),
    Move(
        0, "unit_note", _("Note to the compliance unit"), (S.UNIT, S.FOLLOW_UP), None, (Role.UNIT,),
        "DESIGN 3", effects.unit_note, fields=(text("note", _("Note")),), guards=(mentions_can_read,),
        notify=("verification", "mentioned"),
    ),
    Move(
        0, "take_on", _("Take this case on yourself"), OPEN, None, HANDLERS,
        "DESIGN 3", effects.take_on, where="not-theirs", rivals=ASSIGNING,
        consequence=_("Your colleagues see that you have it. They may still act."),
    ),
    Move(
        0, "assign", _("Assign or hand over to a colleague"), OPEN, None, HANDLERS,
        "DESIGN 3", effects.assign, fields=(ASSIGNEE, HANDOVER_NOTE), guards=(guards.assignee_is_new,),
        notify=("assignee",), rivals=ASSIGNING,
        consequence=_("The colleague is told at once. The whole team may still act."),
    ),
    Move(
        0, "unassign", _("Give the case back to the team"), OPEN, None, HANDLERS,
        "DESIGN 3", effects.give_back, where="assigned", fields=(HANDOVER_NOTE,), rivals=ASSIGNING,
    ),
)

# fmt: on

WORKFLOW = Workflow(SERVICE, STATES, tuple(map(heeding_conflicts, MOVES)), S.RECEIVED, deadlines.due)
