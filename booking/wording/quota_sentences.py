"""What we say about quotas, gaps, windows held for groups, and booking for somebody else."""

from __future__ import annotations

from booking.wording.translating import N_

QUOTA_SENTENCES: dict[str, tuple[str, ...]] = {
    "R16.held": (
        N_("{resource} is held for {groups} {span}. Others can book what is left from {until}."),
        N_("{resource} is held for others {span}. You can book what is left from {until}."),
    ),
    "R22.too_many": (
        N_("You have {used} of {limit} bookings of {name} {period}. Cancel one, or choose another time."),
    ),
    "R22.too_many:organisation": (
        N_("Your organisation has {used} of {limit} bookings of {name} {period}. Choose another time."),
    ),
    "R23.too_much": (
        N_(
            "You have {left} left of {limit} of {name} {period}, and this needs {needed}. "
            "Choose a shorter time, or another day."
        ),
        N_("You have used your {limit} of {name} {period}. Choose another day, or give some back."),
    ),
    "R23.too_much:organisation": (
        N_(
            "Your organisation has {left} left of {limit} of {name} {period}, and this needs {needed}. "
            "Choose a shorter time, or another day."
        ),
        N_("Your organisation has used its {limit} of {name} {period}. Choose another day, or give some back."),
    ),
    "R24.too_many_ahead": (
        N_("You have {used} of {limit} bookings ahead of {name}. Cancel or finish one first."),
    ),
    "R24.too_many_ahead:organisation": (
        N_("Your organisation has {used} of {limit} bookings ahead of {name}. Cancel or finish one first."),
    ),
    "R25.too_much_ahead": (
        N_("You have {left} left of {limit} ahead of {name}, and this needs {needed}. Choose a shorter time."),
        N_("You have {limit} ahead of {name}, which is all you can have. Cancel or finish some first."),
    ),
    "R25.too_much_ahead:organisation": (
        N_(
            "Your organisation has {left} left of {limit} ahead of {name}, and this needs {needed}. "
            "Choose a shorter time."
        ),
        N_("Your organisation has {limit} ahead of {name}, which is all it can have. Cancel or finish some first."),
    ),
    "R26.too_close": (N_("Leave at least {minutes} between your bookings of {name}. Choose another time."),),
    "R27.too_many_at_once": (
        N_("You can hold {limit} of {name} at the same time. Choose another time, or give one back."),
    ),
    "R30.needs_approval": (N_("A manager of {resource} says yes or no before it is yours."),),
    "R39.not_a_delegate": (
        N_("You cannot book for {name}. They can let you, under Delegates in My account."),
        N_("You cannot book for them. They can let you, under Delegates in My account."),
    ),
    "R39.in_person": (
        N_("Whoever uses {resource} books it in person. Let them book it, or ask {contact}."),
        N_("Whoever uses {resource} books it in person. Let them book it."),
    ),
}  # fmt: skip
