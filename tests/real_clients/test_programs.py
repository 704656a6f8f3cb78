"""Real calendar programs subscribe to a running server, show what the database holds, and keep up with it."""

from collections.abc import Mapping

import pytest

from tests.clients.scene import NOW, wall
from tests.clients.subscriptions import SUBSCRIPTIONS
from tests.real_clients.conftest import Place, Shows
from tests.real_clients.programs import Kind, Program

pytestmark = pytest.mark.clients
MINE = SUBSCRIPTIONS["mine, everything told"]


@pytest.mark.parametrize("name", SUBSCRIPTIONS)
def test_a_program_shows_what_the_database_holds(
    places: Mapping[str, Place], program: Program, shows: Shows, name: str
) -> None:
    subscription = SUBSCRIPTIONS[name]
    place = places[subscription.corpus]
    expected = place.expected(subscription)

    program.subscribe(place.address(subscription))
    took = shows(expected)
    assert expected

    print(f"{len(expected)} events, all of them as in the database, {took:.1f} s after it subscribed")


def test_a_program_shows_a_move_a_renaming_and_a_cancellation_after_its_next_fetch(
    place: Place, program: Program, shows: Shows
) -> None:
    with place.scene() as scene:
        room = scene.room(name="Møterom Blåbær")
        moved, renamed, cancelled = (
            scene.book(room, f"2027-03-1{n} 10:00-11:00", title)
            for n, title in enumerate(("Flyttes", "Gammelt", "Avlyses"))
        )
    program.subscribe(place.address(MINE))
    print(f"three bookings, shown after {shows(place.expected(MINE)):.1f} s")

    with place.scene(NOW) as scene:  # within the minute in which it was booked
        scene.change(moved, wall=wall("2027-03-10 14:30-16:00"))
    program.refresh()
    print(f"one moved, shown {shows(place.expected(MINE)):.1f} s after the next fetch")

    with place.scene(NOW) as scene:
        scene.change(renamed, title="Nytt navn: årsmøte 🎉")
    program.refresh()
    print(f"one renamed, shown {shows(place.expected(MINE)):.1f} s after the next fetch")

    with place.scene(NOW) as scene:
        scene.cancel(cancelled)
    program.refresh()
    print(f"one cancelled, shown {shows(place.expected(MINE)):.1f} s after the next fetch")

    assert {each.status for each in place.expected(MINE)} == {"CONFIRMED", "CANCELLED"}


def test_a_program_that_asks_whether_anything_changed_is_told_that_nothing_has(
    place: Place, kind: Kind, program: Program, shows: Shows
) -> None:
    with place.scene() as scene:
        scene.book(scene.room(), "2027-03-10 10:00-11:00")
    program.subscribe(place.address(MINE))
    shows(place.expected(MINE))
    first = len(place.answers())

    program.refresh()
    program.refresh()
    shows(place.expected(MINE))
    place.wait_for_answers(first + 1)

    print(f"the server's answers: {place.answers()}")
    assert place.answers()[0] == 200
    assert set(place.answers()[first:]) == ({304} if kind.asks_conditionally else {200})
