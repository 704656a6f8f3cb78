"""Pools and kits under a crowd: exactly as many get a unit as there are, and kits in either order never lock up.

SAMROM_RACE_ROUNDS=30 runs the races in full.
"""

import os

from tests.support.racing import A_BENCH, A_KIT, BENCHES, CROWD, count, line_up, run, wrong_with

ROUNDS = int(os.environ.get("SAMROM_RACE_ROUNDS", "2"))
IN_A_RING = 16


def test_of_forty_who_ask_for_one_of_twelve_exactly_twelve_get_it(racers_url, serve):
    visitors = line_up(serve(racers_url, workers=4).url, CROWD)

    outcome = run(A_BENCH, visitors, ROUNDS)

    assert outcome.winners == [BENCHES] * ROUNDS, outcome.statuses
    assert [(answer.status, answer.codes) for answer in outcome.unexplained] == []
    assert outcome.statuses.total() == CROWD * ROUNDS
    assert count(racers_url, "booking") == BENCHES * ROUNDS
    assert wrong_with(racers_url) == []


def test_kits_asked_for_in_opposite_orders_never_lock_each_other_out(racers_url, serve):
    visitors = line_up(serve(racers_url, workers=4).url, IN_A_RING)

    outcome = run(A_KIT, visitors, 2 * ROUNDS)

    assert outcome.winners == [1] * 2 * ROUNDS, outcome.statuses
    assert set(outcome.statuses) <= {303, 409, 422}
    assert {code for answers in outcome.rounds for answer in answers for code in answer.codes} == {"R05.overlap"}
    assert count(racers_url, "booking") == 2 * ROUNDS
    assert count(racers_url, "booking_item") == 4 * ROUNDS
    assert wrong_with(racers_url) == []
