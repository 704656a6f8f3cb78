// The occurrences as ical.js finds them, the reader inside Thunderbird and Nextcloud.
import ICAL from "ical.js";

export function* occurrences(text, from, to) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const events = calendar.getAllSubcomponents("vevent").map((each) => new ICAL.Event(each));
  const exceptions = events.filter((each) => each.isRecurrenceException());
  for (const event of events.filter((each) => !each.isRecurrenceException())) {
    exceptions.filter((each) => each.uid === event.uid).forEach((each) => event.relateException(each));
    for (const [item, start, end] of dates(event, to)) {
      if (start.toJSDate() < to && end.toJSDate() > from) yield line(item, start, end);
    }
  }
}

function* dates(event, to) {
  if (!event.isRecurring()) {
    yield [event, event.startDate, event.endDate];
    return;
  }
  const iterator = event.iterator();
  for (let next = iterator.next(); next && next.toJSDate() < to; next = iterator.next()) {
    const { item, startDate, endDate } = event.getOccurrenceDetails(next);
    yield [item, startDate, endDate];
  }
}

function line(item, start, end) {
  const status = item.component.getFirstPropertyValue("status");
  return { uid: item.uid, start: moment(start), end: moment(end), status, summary: item.summary };
}

function moment(time) {
  if (time.isDate) return time.toString();
  if (time.zone === ICAL.Timezone.localTimezone) return `${time} by no clock`;
  return new Date(time.toUnixTime() * 1000).toISOString();
}
