"""A booking that is being made while maintenance is laid is either asked about, or judged by it."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import create_engine, event, func, select
from sqlalchemy.orm import Session

from booking.core.errors import BookingRefused, NotFound
from booking.models import Booking, JournalEntry, Outage
from booking.services.bookings import request_booking
from booking.services.catalogue import resource_by_slug
from booking.services.changes import cancel_booking
from booking.services.faults import report_fault
from booking.services.outages import lay_outage, lies_over, remove_outage
from booking.services.triage import Choice, Decision, MadeMeanwhile
from tests.factories import a_booking, a_member, an_organisation
from tests.services.test_outages import ALL_DAY, TUESDAY
from tests.services.test_rule_settings_racing import prepared, wait_until_somebody_waits
from tests.support.deciding import NOW, a_wish, an_actor


def book(engine, place, at=f"{TUESDAY} 10:00-11:00", *, now=NOW):
    with Session(engine) as session, session.begin():
        return request_booking(session, now, an_actor(place.kari), a_wish(place.sluppen, at))


def test_a_booking_that_comes_while_maintenance_is_laid_waits_and_is_refused(postgresql_url):
    engine = create_engine(postgresql_url)
    place = prepared(engine)

    with ThreadPoolExecutor(1) as threads:
        with Session(engine) as session, session.begin():
            lay_outage(session, NOW, place.nils, resource_by_slug(session, "sluppen"), ALL_DAY, {})
            asked = threads.submit(book, engine, place, now=NOW - timedelta(seconds=3))
            wait_until_somebody_waits(engine)
        answer = asked.exception(timeout=30)

    assert isinstance(answer, BookingRefused)
    assert answer.verdict.codes == ("R12.outage",)
    engine.dispose()


def test_maintenance_that_is_laid_while_somebody_books_waits_and_asks_about_it(postgresql_url):
    engine = create_engine(postgresql_url)
    place = prepared(engine)
    booked = threading.Event()

    def lay():
        booked.wait(timeout=30)
        with Session(engine) as session, session.begin():
            lay_outage(session, NOW, place.nils, resource_by_slug(session, "sluppen"), ALL_DAY, {})

    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(lay)
        with Session(engine) as session, session.begin():
            made = request_booking(session, NOW, an_actor(place.kari), a_wish(place.sluppen, f"{TUESDAY} 10:00-11:00"))
            booked.set()
            wait_until_somebody_waits(engine)
        answer = asked.exception(timeout=30)

    assert isinstance(answer, MadeMeanwhile)
    assert answer.facts["bookings"] == [made.public_id]
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Outage)) == 0
    engine.dispose()


def test_a_booking_that_comes_while_a_fault_is_reported_waits_and_is_refused(postgresql_url):
    engine = create_engine(postgresql_url)
    place = prepared(engine)

    with ThreadPoolExecutor(1) as threads:
        with Session(engine) as session, session.begin():
            card = resource_by_slug(session, "sluppen")
            report_fault(session, NOW, an_actor(place.kari), card, "It smokes", is_dangerous=True)
            asked = threads.submit(book, engine, place)
            wait_until_somebody_waits(engine)
        answer = asked.exception(timeout=30)

    assert isinstance(answer, BookingRefused)
    assert answer.verdict.codes == ("R13.safety",)
    engine.dispose()


def test_of_many_bookings_and_one_maintenance_none_slips_between(postgresql_url):
    """Each booking stands and was asked about, or was refused; the maintenance lies over nothing undecided."""
    engine = create_engine(postgresql_url, pool_size=10)
    place = prepared(engine)
    start = threading.Barrier(9)

    def one(hour):
        start.wait(timeout=30)
        return book(engine, place, f"{TUESDAY} {hour}:00-{hour + 1}:00")

    def lay():
        start.wait(timeout=30)
        with Session(engine) as session, session.begin():
            lay_outage(session, NOW, place.nils, resource_by_slug(session, "sluppen"), ALL_DAY, {})

    with ThreadPoolExecutor(9) as threads:
        bookings = [threads.submit(one, hour) for hour in range(10, 18)]
        laid = threads.submit(lay).exception(timeout=60)
        refused = [each.exception(timeout=60) for each in bookings]

    with Session(engine) as session:
        live = session.scalar(select(func.count()).select_from(Booking).where(Booking.live))
        outages = session.scalar(select(func.count()).select_from(Outage))
    assert live == refused.count(None)
    assert (laid is None, outages) in {(True, 1), (False, 0)}
    if laid is None:
        assert live == 0
        assert {each.verdict.codes for each in refused} == {("R12.outage",)}
    else:
        assert isinstance(laid, MadeMeanwhile)
        assert 1 <= len(laid.facts["bookings"]) <= 8
        assert live == 8
    engine.dispose()


def test_of_two_who_take_the_same_maintenance_away_one_does_and_the_other_is_told_that_it_is_gone(postgresql_url):
    engine = create_engine(postgresql_url)
    place = prepared(engine)
    with Session(engine) as session, session.begin():
        lay_outage(session, NOW, place.nils, resource_by_slug(session, "sluppen"), ALL_DAY, {})
    with Session(engine) as session:
        public_id = session.scalars(select(Outage.public_id)).one()

    def take_away():
        with Session(engine) as session, session.begin():
            remove_outage(session, NOW, place.nils, public_id)

    with ThreadPoolExecutor(1) as threads:
        with Session(engine) as session, session.begin():
            remove_outage(session, NOW, place.nils, public_id)
            asked = threads.submit(take_away)
            wait_until_somebody_waits(engine)
        answer = asked.exception(timeout=30)

    assert isinstance(answer, NotFound)
    with Session(engine) as session:
        told = select(func.count()).where(JournalEntry.action == "outage.removed")
        assert session.scalar(told) == 1
    engine.dispose()


def test_who_cancels_while_maintenance_clears_away_several_bookings_waits_and_nobody_is_locked_out(postgresql_url):
    """The one holds the feeds of all companies it has told so far, the other that of a company it is still to tell."""
    engine = create_engine(postgresql_url)
    place = prepared(engine)
    with Session(engine, expire_on_commit=False) as session, session.begin():
        nordvind = an_organisation(session)
        ola, per = a_member(session, nordvind), a_member(session, nordvind)
        for member, at in ((place.kari, "10:00-11:00"), (ola, "11:00-12:00")):
            of = nordvind.id if member is ola else None
            a_booking(session, on=place.sluppen, member=member, at=f"{TUESDAY} {at}", organisation_id=of)
        elsewhere = a_booking(
            session, on=place.oya, member=per, at=f"{TUESDAY} 10:00-11:00", organisation_id=nordvind.id
        ).public_id
    told: list[Future[None]] = []

    def cancel():
        with Session(engine) as session, session.begin():
            cancel_booking(session, NOW, an_actor(per), elsewhere)

    def once_the_site_is_told(_connection, _cursor, statement, parameters, *_):
        if "feed_counter" in statement and "site" in str(parameters) and not told:
            told.append(threads.submit(cancel))
            wait_until_somebody_waits(engine)

    with ThreadPoolExecutor(1) as threads:
        with Session(engine) as session, session.begin():
            card = resource_by_slug(session, "sluppen")
            under = lies_over(session, NOW, place.nils, card, ALL_DAY)
            event.listen(engine, "after_cursor_execute", once_the_site_is_told)
            decisions = {each.public_id: Decision(each.standing.row.version, Choice.CANCEL) for each in under}
            lay_outage(session, NOW, place.nils, card, ALL_DAY, decisions, "A new filter")
        (cancelled,) = told
        assert cancelled.exception(timeout=30) is None

    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Booking).where(Booking.live)) == 0
    engine.dispose()
