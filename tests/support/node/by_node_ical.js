// The occurrences as node-ical finds them, the reader of many home and sign boards.
import ical from "node-ical";

export function* occurrences(text, from, to) {
  for (const event of Object.values(ical.sync.parseICS(text))) {
    if (event.type !== "VEVENT") continue;
    for (const each of dates(event, from, to)) {
      if (each.start < to && each.end > from) yield line(event, each);
    }
  }
}

function dates(event, from, to) {
  return event.rrule ? ical.expandRecurringEvent(event, { from, to, expandOngoing: true }) : [event];
}

function line(event, { start, end, summary, event: item = event }) {
  return { uid: event.uid, start: moment(start), end: moment(end), status: item.status, summary: plain(summary) };
}

function moment(date) {
  if (!date.dateOnly) return date.toISOString();
  const [month, day] = [date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0"));
  return `${date.getFullYear()}-${month}-${day}`;
}

function plain(value) {
  return typeof value === "object" ? value.val : value;
}
