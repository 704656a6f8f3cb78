"""The pages of calendars elsewhere: who may, what is told, what stays secret, and what clashes."""

import io

import pytest

from booking import clock
from booking.db import db, writing
from booking.models import ExternalCalendar, Notice, Resource
from booking.services import external_reading
from tests.admin.conftest import next_weekday_at
from tests.support.calendars import ADDRESS, a_calendar, a_file, an_event, is_read
from tests.support.people import page_token

HERE = "/admin/resources/sluppen/calendars"
SECRET = "private-key"


def stored(app):
    with app.app_context():
        return db.session.query(ExternalCalendar).order_by(ExternalCalendar.id).all()


def subscribe(client, **changes):
    token = page_token(client.get(HERE))
    about = {"name": "Innocamp", "ics_address": ADDRESS, **changes}
    return client.post(HERE, data={"csrf_token": token, **about})


def upload(client, content=None, name="Innocamp", path=f"{HERE}/files", **changes):
    token = page_token(client.get(HERE))
    file = {} if content is None else {"file": (io.BytesIO(content), "room.ics")}
    data = {"csrf_token": token, "name": name, **file, **changes}
    return client.post(path, data=data, content_type="multipart/form-data")


@pytest.fixture
def calendar(sqlite_app, places):
    """`calendar(**about)`: one of Sluppen's; its public id."""

    def calendar(*events, **about):
        with sqlite_app.app_context(), writing() as session:
            room = session.get(Resource, places.sluppen)
            row = a_calendar(session, room, due_at=clock.now(), **about)
            if events:
                is_read(session, clock.now(), row, *events)
            return row.public_id

    return calendar


def meeting(hour=16, **about):
    span = next_weekday_at(hour)
    event = an_event("2027-05-04 10:00-12:00", **about)
    return type(event)(event.uid, "", span, title="", email="", cancelled=False)


def test_a_manager_subscribes_and_is_shown_that_it_waits(sqlite_app, visit):
    mari = visit("Mari")

    answer = subscribe(mari, tentative_blocks="1")
    shown = mari.get(answer.location)

    (row,) = stored(sqlite_app)
    assert answer.status_code == 303
    assert (row.name, row.address, row.tentative_blocks) == ("Innocamp", ADDRESS, True)
    assert row.due_at is not None
    assert "Waits to be read" in shown.text
    assert "calendar.example.org/…room.ics" in shown.text
    assert SECRET not in shown.text


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("", "Enter a value."),
        ("http://calendar.example.org/a.ics", "The address must begin with https:// or webcal://."),
        ("https://192.168.1.1/a.ics", "The address must name a server that everybody can reach"),
        ("https://kari:secret@calendar.example.org/a.ics", "The address holds a name or password."),
        ("https://calendar.example.org:8443/a.ics", "The address names a port."),
    ],
)
def test_what_is_no_address_is_told_at_its_field_and_what_was_typed_is_kept(sqlite_app, visit, address, says):
    answer = subscribe(visit("Mari"), name="My own name", ics_address=address)

    assert answer.status_code == 422
    assert says in answer.text
    assert 'href="#subscribe-ics_address"' in answer.text
    assert 'value="My own name"' in answer.text
    assert stored(sqlite_app) == []


def test_a_file_waits_for_the_worker_and_is_read_by_no_request(sqlite_app, visit):
    answer = upload(visit("Mari"), a_file("20270504T080000Z/20270504T100000Z"))

    (row,) = stored(sqlite_app)
    assert answer.status_code == 303
    assert row.address is None
    assert row.upload.startswith(b"BEGIN:VCALENDAR")
    assert row.read_at is None


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "Choose a file to upload."), (b"PNG", "The file is not a calendar."), (b"", "Choose a file to upload.")],
)
def test_what_is_no_file_is_told_at_its_field(sqlite_app, visit, content, says):
    answer = upload(visit("Mari"), content)

    assert answer.status_code == 422
    assert says in answer.text
    assert 'href="#upload-file"' in answer.text
    assert stored(sqlite_app) == []


def test_a_file_that_is_too_large_is_refused_before_anything_is_read(sqlite_app, visit):
    body = b"--x\r\n" + b" " * (3 * 1024 * 1024)
    answer = visit("Mari").post(f"{HERE}/files", data=body, content_type="multipart/form-data; boundary=x")

    assert answer.status_code == 413
    assert stored(sqlite_app) == []


def test_sending_the_form_twice_adds_one_calendar(sqlite_app, visit):
    mari = visit("Mari")

    answers = [subscribe(mari).status_code, subscribe(mari).status_code]

    assert answers == [303, 422]
    assert len(stored(sqlite_app)) == 1


def test_an_address_is_changed_by_a_new_one_and_kept_by_an_empty_field(sqlite_app, visit, calendar):
    mari, public_id = visit("Mari"), calendar()
    page = f"{HERE}/{public_id}"

    def save(**about):
        token = page_token(mari.get(page))
        return mari.post(page, data={"csrf_token": token, "name": "Campus", **about}).status_code

    assert save() == 303
    assert [(row.name, row.address) for row in stored(sqlite_app)] == [("Campus", ADDRESS)]
    assert save(ics_address="https://10.0.0.1/") == 422
    assert save(ics_address="webcal://other.example.org/x.ics", tentative_blocks="1") == 303
    (row,) = stored(sqlite_app)
    assert (row.address, row.tentative_blocks) == ("https://other.example.org/x.ics", True)


def test_reading_it_now_makes_it_due(sqlite_app, visit, calendar):
    mari, public_id = visit("Mari"), calendar(meeting())
    before = stored(sqlite_app)[0].due_at
    page = f"{HERE}/{public_id}"

    answer = mari.post(f"{page}/reading", data={"csrf_token": page_token(mari.get(page))})

    assert answer.status_code == 303
    assert stored(sqlite_app)[0].due_at < before
    assert "It is read as soon as may be." in mari.get(page).text


def test_removing_it_takes_it_off_the_list(sqlite_app, visit, calendar):
    mari, public_id = visit("Mari"), calendar(meeting())
    page = f"{HERE}/{public_id}"

    answer = mari.post(f"{page}/removal", data={"csrf_token": page_token(mari.get(page))})

    assert answer.status_code == 303
    assert stored(sqlite_app) == []
    assert mari.get(page).status_code == 404


def test_bookings_under_what_is_taken_are_listed_with_the_way_to_each(visit, calendar, places):
    calendar(meeting())

    shown = visit("Mari").get(HERE)

    assert "1 booking lies under a time that is taken elsewhere" in shown.text
    assert f'href="/bookings/{places.booking}"' in shown.text
    assert "Late meeting" in shown.text


def test_the_manager_reads_of_the_clash_and_is_led_to_the_list(sqlite_app, visit, calendar):
    calendar(meeting())

    with sqlite_app.app_context():
        assert [row.kind for row in db.session.query(Notice)] == ["taken_elsewhere"]
    shown = visit("Mari").get("/notices")
    assert "1 booking of Sluppen lies under a time that is taken in “Innocamp”." in shown.text
    assert f'href="{HERE}#clashes"' in shown.text


def test_what_fails_is_told_with_why_since_when_and_that_the_last_times_stand(sqlite_app, visit, calendar):
    public_id = calendar(meeting(11))
    with sqlite_app.app_context(), writing() as session:
        row = session.query(ExternalCalendar).one()
        row.failure, row.failures = {"code": "fetch.status", "status": 404}, 3
        row.failing_since = row.succeeded_at = clock.now() - external_reading.AS_A_WHOLE * 3
        row.due_at = clock.now() + external_reading.LONGEST_WAIT
        row.skipped = {"import.broken": 3, "import.wild_rule": 1, "import.transparent": 2, "import.unknown_zone": 1}
    mari = visit("Mari")

    shown, overview, day = mari.get(f"{HERE}/{public_id}"), mari.get("/admin"), mari.get("/day")

    for words in (
        "Last read 3 days ago",
        "The server answered with error 404. Is the calendar still shared?",
        "It has failed for 3 days.",
        "What was read last stands until then.",
        "3 events have times that make no sense",
        "1 event repeats in a way that we do not follow",
        "2 events take no time",
        "1 event names a time zone that nobody knows",
        "1 time taken from now on",
    ):
        assert words in shown.text
    assert "Calendars elsewhere that cannot be read" in overview.text
    assert f'href="{HERE}/{public_id}"' in overview.text
    assert "“Innocamp” was last read 3 days ago" in day.text
    assert "“Innocamp” was last read 3 days ago" in mari.get("/resources/sluppen").text


def test_members_see_busy_elsewhere_and_the_calendars_name_and_nothing_more(visit, calendar):
    calendar(meeting(11, title="Secret"))
    day = f"{next_weekday_at(11).starts_at:%Y-%m-%d}"

    shown = visit("Kari").get(f"/day?date={day}&view=list")

    assert "Busy elsewhere" in shown.text
    assert "Innocamp" in shown.text
    assert "Secret" not in shown.text
    assert "example.org" not in shown.text


def test_the_form_is_refused_with_the_calendars_name_and_ways_out(visit, calendar):
    calendar(meeting(11))
    kari, day = visit("Kari"), f"{next_weekday_at(11).starts_at:%Y-%m-%d}"
    form = kari.get(f"/resources/sluppen/bookings/new?date={day}&start=11:00&end=12:00")

    assert 'data-code="R05.elsewhere"' in form.text
    assert "Sluppen is taken in the calendar “Innocamp”" in form.text
    assert 'class="alternative"' in form.text


@pytest.mark.parametrize("name", ["Kari", "Ola"])
def test_nobody_else_gets_at_them(sqlite_app, visit, calendar, name):
    public_id, client = calendar(), visit(name)
    token = page_token(client.get("/find"))

    for path in (HERE, f"{HERE}/{public_id}"):
        assert client.get(path).status_code == 403
    for path in (HERE, f"{HERE}/files", *(f"{HERE}/{public_id}{each}" for each in ("", "/reading", "/removal"))):
        assert client.post(path, data={"csrf_token": token, "name": "Mine"}).status_code == 403
    assert [row.name for row in stored(sqlite_app)] == ["Innocamp"]


def test_a_manager_of_one_room_gets_at_no_others_and_ids_go_with_their_room(visit, calendar):
    mari, public_id = visit("Mari"), calendar()

    assert mari.get("/admin/resources/oya/calendars").status_code == 403
    assert visit("Nils").get(f"/admin/resources/oya/calendars/{public_id}").status_code == 404
    assert mari.get(f"{HERE}/nothing-of-the-kind").status_code == 404


def test_the_resources_page_leads_there(visit):
    assert f'href="{HERE}"' in visit("Mari").get("/admin/resources/sluppen").text


def test_of_a_form_that_was_sent_too_late_all_is_kept_but_the_address(visit):
    answer = visit("Mari").post(HERE, data={"csrf_token": "stale", "name": "My own name", "ics_address": ADDRESS})

    assert answer.status_code == 400
    assert 'value="My own name"' in answer.text
    assert SECRET not in answer.text
