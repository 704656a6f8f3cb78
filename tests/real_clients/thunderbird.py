"""Thunderbird without a window: it subscribes to a feed over the network, as its own New Calendar does."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.real_clients.marionette import SECONDS, Marionette
from tests.support.parsers import Occurrence

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
QUIET = {
    "app.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.spotlight.firstRunDone": True,
    "mailnews.start_page.enabled": False,
    "marionette.port": 0,  # any that is free; it writes the number into the profile
    "network.proxy.type": 0,
    "toolkit.telemetry.enabled": False,
}
CALENDAR = 'const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");'
SUBSCRIBE = f"""
    {CALENDAR}
    const [url, cached] = arguments;
    const calendar = cal.manager.createCalendar("ics", Services.io.newURI(url));
    calendar.name = "Samrom";
    calendar.setProperty("cache.enabled", cached);
    calendar.setProperty("readOnly", true);
    cal.manager.registerCalendar(calendar);
    return cal.manager.getCalendars().find((each) => each.name === "Samrom").id;
"""
REFRESH = f"""
    {CALENDAR}
    cal.manager.getCalendarById(arguments[0]).refresh();
"""
OCCURRENCES = f"""
    {CALENDAR}
    const [id, from, to] = arguments;
    const instant = (seconds) => {{
        const time = cal.createDateTime();
        time.nativeTime = seconds * 1000000;
        return time;
    }};
    const calendar = cal.manager.getCalendarById(id);
    const filter = Ci.calICalendar.ITEM_FILTER_TYPE_EVENT | Ci.calICalendar.ITEM_FILTER_CLASS_OCCURRENCES;
    const items = await calendar.getItemsAsArray(filter, 0, instant(from), instant(to));
    const when = (time) => time.isDate ? time.icalString : time.nativeTime / 1000000;
    return items.map((item) => [item.id, when(item.startDate), when(item.endDate), item.status, item.title]);
"""


@dataclass(slots=True)
class Thunderbird:
    """A running Thunderbird with one subscription."""

    door: Marionette
    offline: bool
    calendar: str = ""  # its id of the subscription

    def subscribe(self, url: str) -> None:
        """Fetches for the first time."""
        self.calendar = self.door.run(SUBSCRIBE, url, self.offline)

    def refresh(self) -> None:
        """Asks for the feed anew, as its reload button does."""
        self.door.run(REFRESH, self.calendar)

    def occurrences(self, start: datetime, end: datetime) -> set[Occurrence]:
        """What it would show."""
        found = self.door.run(OCCURRENCES, self.calendar, start.timestamp(), end.timestamp())
        return {
            Occurrence(uid, _moment(a), _moment(b), status or "", title or "") for uid, a, b, status, title in found
        }


def _moment(told: int | str) -> datetime | date:
    if isinstance(told, str):
        return date.fromisoformat(told)
    return EPOCH + timedelta(seconds=told)


@contextmanager
def thunderbird(folder: Path, *, offline: bool = True) -> Iterator[Thunderbird]:
    """Started with a new profile in `folder`, and stopped; `offline` is its own choice for a new subscription."""
    profile = folder / "thunderbird"
    profile.mkdir()
    prefs = "".join(f'user_pref("{name}", {str(value).lower()});\n' for name, value in QUIET.items())
    (profile / "user.js").write_text(prefs)
    program = shutil.which("thunderbird") or "thunderbird"
    command = [program, "--headless", "--profile", profile, "--marionette", "--remote-allow-system-access"]
    env = {**os.environ, "HOME": str(folder), "TZ": "Europe/Oslo"}
    with (folder / "thunderbird.log").open("wb") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)
    try:
        door = _connect(profile / "MarionetteActivePort", process)
        door.command("WebDriver:NewSession", capabilities={"alwaysMatch": {"timeouts": {"script": SECONDS * 1000}}})
        door.command("Marionette:SetContext", value="chrome")
        with closing(door.connection):
            yield Thunderbird(door, offline)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _connect(port_file: Path, process: subprocess.Popen[bytes]) -> Marionette:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            return Marionette.at(int(port_file.read_text()))
        except (OSError, ValueError):
            time.sleep(0.1)
    raise RuntimeError("Thunderbird does not open its door")
