"""What we say when a request cannot be answered, or a reason is missing."""

from booking.wording.translating import N_

APPROVALS: dict[str, tuple[str, ...]] = {
    "approval.already_decided": (N_("It has been answered already. See how it is now."),),
    "approval.already_decided:approved": (N_("{name} approved it {decided}. Nothing more is needed."),),
    "approval.already_decided:declined": (N_("{name} declined it {decided}. The one who asked has been told."),),
    "approval.already_decided:expired": (N_("Nobody answered in time, so it ended {decided}."),),
    "approval.already_decided:cancelled": (N_("The one who asked has taken it back."),),
    "approval.answer_needed": (N_("Write an answer."),),
    "approval.none_chosen": (N_("Choose the requests to answer."),),
    "approval.question_needed": (N_("Write what you would like to know."),),
    "approval.reason_needed": (N_("Write why, so that the one who asked can understand it."),),
    "booking.wrong_state:not_your_turn": (N_("Somebody else is to answer first. You are asked after them."),),
    "booking.wrong_state:timed_out": (N_("Its time to be answered has run out, so it has ended."),),
    "delegation.nobody": (N_("Choose somebody from the list."),),
    "delegation.order": (N_("It must end after it starts, and not have ended yet."),),
    "override.reason_needed": (N_("Write why it is booked in spite of the rules. It is kept with the booking."),),
}
