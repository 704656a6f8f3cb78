"""Evolution Data Server, spoken to from the system's Python: one JSON command a line in, one JSON answer a line out.

It is run by `tests/real_clients/evolution.py` under a D-Bus session of its own, and imports nothing of ours.
"""

import json
import sys
from datetime import UTC, datetime

import gi

for _library, _version in (("ECal", "2.0"), ("EDataServer", "1.2"), ("ICalGLib", "3.0")):
    gi.require_version(_library, _version)
from gi.repository import ECal, EDataServer, GLib, ICalGLib  # noqa: E402

A_MOMENT = 1  # it says it is connected only where a network manager runs
STATUSES = {
    ICalGLib.PropertyStatus.CONFIRMED: "CONFIRMED",
    ICalGLib.PropertyStatus.TENTATIVE: "TENTATIVE",
    ICalGLib.PropertyStatus.CANCELLED: "CANCELLED",
}


def subscribe(url):
    """A new calendar on the web, as Evolution's dialog makes it; returns its client."""
    registry = EDataServer.SourceRegistry.new_sync(None)
    source = EDataServer.Source.new(None, None)
    source.set_display_name("Samrom")
    source.set_parent("webcal-stub")
    source.get_extension(EDataServer.SOURCE_EXTENSION_CALENDAR).set_backend_name("webcal")
    address = GLib.Uri.parse(url, GLib.UriFlags.NONE)
    source.get_extension(EDataServer.SOURCE_EXTENSION_WEBDAV_BACKEND).set_uri(address)
    authentication = source.get_extension(EDataServer.SOURCE_EXTENSION_AUTHENTICATION)
    authentication.set_host(address.get_host())
    authentication.set_port(address.get_port())
    authentication.set_method("none")
    source.get_extension(EDataServer.SOURCE_EXTENSION_OFFLINE).set_stay_synchronized(True)
    registry.commit_source_sync(source, None)
    return ECal.Client.connect_sync(source, ECal.ClientSourceType.EVENTS, A_MOMENT, None)


def occurrences(client, start, end):
    """Each instance: UID, start, end, status, summary."""
    found = []

    def note(component, starts, ends, *_):
        status = STATUSES.get(component.get_status(), "")
        found.append([component.get_uid(), when(starts), when(ends), status, component.get_summary() or ""])
        return True

    client.generate_instances_sync(start, end, None, note)
    return found


def when(time):
    """An instant in UTC, or a date."""
    if time.is_date():
        return f"{time.get_year():04}-{time.get_month():02}-{time.get_day():02}"
    zone = time.get_timezone() or ICalGLib.Timezone.get_utc_timezone()
    return datetime.fromtimestamp(time.as_timet_with_zone(zone), UTC).isoformat()


def main():
    """Answers until the other side closes."""
    client = None
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        answer = None
        if name == "subscribe":
            client = subscribe(*arguments)
        elif name == "refresh":
            client.refresh_sync(None)
        elif name == "occurrences":
            answer = occurrences(client, *arguments)
        print(json.dumps({"answer": answer}), flush=True)


main()
