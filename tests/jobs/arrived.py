"""What tests ask of mails that have arrived."""

import icalendar


def method_of(delivered):
    return str(icalendar.Calendar.from_ical(delivered.calendar)["METHOD"]) if delivered.calendar else ""


def events_of(delivered):
    return list(icalendar.Calendar.from_ical(delivered.calendar).walk("VEVENT"))


def subjects(delivered):
    return [str(each.mail["Subject"]).partition(":")[0] for each in delivered]
