"""What we say about calibration and competence; part of the table in `sentences`, and of the one in `refusals`."""

from babel import Locale

from booking.core.verdict import Finding
from booking.wording.translating import N_, translate

OF_OTHERS = N_("{resource} requires {qualifications}, and the holder does not have it then.")
OF_OTHERS_ALONE = N_("{resource} needs {people} people then, and the holder would be alone.")
OF_OTHERS_AT_ALL = N_("The holder does not have what {resource} requires.")

LAB_SENTENCES: dict[str, tuple[str, ...]] = {
    "R14.calibration": (
        N_("The calibration of {resource} is valid to {due}, and this booking ends later. "
           "Book earlier, or ask {contact}."),
        N_("The calibration of {resource} is valid to {due}, and this booking ends later. Book earlier."),
    ),
    "R14.calibration:purpose": (
        N_("The calibration of {resource} is valid to {due}, and this booking ends later. "
           "Book earlier, or choose another purpose."),
    ),
    "R14.note": (
        N_("The calibration of {resource} is valid to {due}, and this booking ends later. "
           "Check that it will do for you."),
    ),
    "R30.not_theirs": (
        N_("The rules of {resource} do not let them have it. They can ask {contact} what it takes."),
        N_("The rules of {resource} do not let them have it."),
        N_("The rules do not let them have it."),
    ),
    "R31.missing": (
        N_("{resource} requires {qualifications}, and you do not have it. "
           "The next course with a free seat is {course}. You can also ask {contact}."),
        N_("{resource} requires {qualifications}, and you do not have it. "
           "The next course with a free seat is {course}."),
        N_("{resource} requires {qualifications}, and you do not have it. Ask {contact} how to get it."),
        N_("{resource} requires {qualifications}, and you do not have it. See under My qualifications how to get it."),
    ),
    "R31.expires": (
        N_("{resource} requires {qualifications}, and yours is valid to {expires}. "
           "The next course with a free seat is {course}. You can also ask {contact}."),
        N_("{resource} requires {qualifications}, and yours is valid to {expires}. "
           "The next course with a free seat is {course}."),
        N_("{resource} requires {qualifications}, and yours is valid to {expires}. Ask {contact} how to renew it."),
        N_("{resource} requires {qualifications}, and yours is valid to {expires}. "
           "See under My qualifications how to renew it."),
    ),
    "R31.stale": (
        N_("It would be more than {recency} since you last used {resource}. Ask {contact} to go through it with you."),
        N_("It would be more than {recency} since you last used {resource}. Ask those who look after it."),
    ),
    "R31.supervised": (N_("You use {resource} under supervision: {supervisor} stands beside you."),),
    "R31.supervisor": (
        N_("The one you named cannot supervise at {resource} then. Name somebody who has what it requires."),
    ),
}  # fmt: skip

LAB_REFUSALS: dict[str, tuple[str, ...]] = {
    "booking.wrong_state:called_off": (N_("The course is called off. Choose another date."),),
    "booking.wrong_state:course_begun": (N_("The course has begun. Choose another date."),),
    "booking.wrong_state:course_full": (N_("The course is full. Choose another date."),),
    "booking.wrong_state:withdrawn": (N_("Somebody has withdrawn this already. See how it is now."),),
    "course.nobody_chosen": (N_("Tick those who were there."),),
    "course.past": (N_("That time has passed. Choose a later one."),),
    "import.qualification": (N_("No single qualification is called {name}. Check the name, or say which site."),),
    "qualification.ends_before_it_begins": (N_("The last day is before the first. Choose a later one."),),
    "qualification.reason_needed": (N_("Write a few words on why you withdraw it."),),
}  # fmt: skip


def hold_sentence(finding: Finding, locale: str | Locale) -> str:
    """What somebody lacks, told to those who look after the place; nothing where the usual words are about nobody."""
    resource, listed = str(finding.facts.get("resource")), finding.facts.get("qualifications")
    if finding.rule == "R33":
        return translate(OF_OTHERS_ALONE, locale).format(resource=resource, people=finding.facts["people"])
    if finding.rule != "R31":
        return ""
    if not isinstance(listed, list) or not listed:
        return translate(OF_OTHERS_AT_ALL, locale).format(resource=resource)
    return translate(OF_OTHERS, locale).format(resource=resource, qualifications=", ".join(listed))
