"""However many ask for the same time at once, as many get it as there are units, and the others are told why not.

SAMROM_RACE_ROUNDS=30 runs the races in full; `python -m bench.race` does so and tells the times.
"""

import os
from concurrent.futures import ThreadPoolExecutor

from tests.support.racing import RACERS, RACES, count, line_up, run, wrong_with

ROUNDS = int(os.environ.get("SAMROM_RACE_ROUNDS", "4"))
WORKERS = 4


def test_of_all_who_ask_at_once_only_as_many_get_it_as_there_is_room_for(racers_url, serve):
    visitors, before = line_up(serve(racers_url, workers=WORKERS).url), 0

    for number, (name, race) in enumerate(RACES.items()):
        outcome = run(race, visitors, ROUNDS, first_day=7 + number * ROUNDS)
        booked, before = count(racers_url, "booking") - before, count(racers_url, "booking")

        assert outcome.winners == [race.winners] * ROUNDS, (name, outcome.statuses)
        assert [(answer.status, answer.codes) for answer in outcome.unexplained] == [], name
        assert outcome.statuses.total() == RACERS * ROUNDS
        assert booked == race.winners * ROUNDS, name
        assert wrong_with(racers_url) == [], name


def test_the_same_form_sent_twenty_times_at_once_makes_one_booking_and_one_answer(racers_url, serve):
    (visitor,) = line_up(serve(racers_url, workers=WORKERS).url, 1)
    form = visitor.filled_form(date="2030-05-14", start="10:00", end="11:00")

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: visitor.book("vest", form), range(20)))
    other = visitor.book("vest", {**form, "title": "Another wish"})

    assert {(answer.status, answer.location) for answer in answers} == {(303, answers[0].location)}
    assert (other.status, other.codes) == (422, ["form.key_reused"])
    assert count(racers_url, "booking") == count(racers_url, "submission") == 1
    assert wrong_with(racers_url) == []
