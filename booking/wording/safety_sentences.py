"""What we say about findings of the rules on safety: containment, lone work and declarations."""

from booking.wording.translating import N_

SAFETY: dict[str, tuple[str, ...]] = {
    "R32.level": (
        N_(
            "{activity} needs containment level {needed}, and {resource} is level {level}. "
            "Choose a room with a higher level."
        ),
        N_("{activity} needs containment level {needed}, and {resource} has none. Choose a room that has."),
    ),
    "R32.approval": (
        N_(
            "The approval for {activity} expires {expires}, before this booking does. "
            "Choose an earlier day, or renew it first."
        ),
        N_("The approval for {activity} is missing. Ask whoever is responsible for it first."),
    ),
    "R33.uncovered": (
        N_(
            "{resource} needs {people} people {span}. "
            "Name a buddy who is there all that time, or end by {end}."
        ),
        N_(
            "{resource} needs {people} people {span}. "
            "Name a buddy who is there all that time, or choose another time."
        ),
    ),
    "R33.uncovered:no_buddy": (
        N_("{resource} needs {people} people {span}. Come while others are there, or choose another time."),
    ),
    "R33.uncovered:asked": (N_("The buddy for {resource}, {span}, has not said yes yet."),),
    "R33.buddy": (N_("The buddy you named cannot be one at {resource}. Name somebody else who may use it."),),
    "R33.awaits_buddy": (N_("Your buddy is asked first. The booking may not start before they have said yes."),),
    "R36.unanswered": (N_("Please read and accept “{name}” to book {resource}."),),
}  # fmt: skip
