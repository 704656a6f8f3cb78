"""A server that is killed in the middle of its work has kept every promise it made, and made none by half.

SAMROM_FALLS=20 kills it more often than the few times of an ordinary run.
"""

import os
import random

from sqlalchemy import text

from tests.support.falling import Fall, hours_of_their_own
from tests.support.racing import behind, count, line_up, wrong_with
from tests.support.server import free_port

FALLS = int(os.environ.get("SAMROM_FALLS", "2"))
VISITORS = 8


def test_after_a_kill_every_answered_booking_is_there_whole_and_sending_again_makes_no_second(racers_url, serve):
    port, hours, chance, everything = free_port(), hours_of_their_own(), random.Random(), []
    server = serve(racers_url, workers=2, port=port)
    visitors = line_up(server.url, VISITORS)

    for _ in range(FALLS):
        sent = Fall(server, visitors, hours, chance).run()
        answered = [each.answer for each in sent if each.answer]
        left_behind = wrong_with(racers_url)
        server = serve(racers_url, workers=2, port=port)
        again = [each.visitor.book("vest", each.form) for each in sent]
        everything += sent

        assert answered
        assert {answer.status for answer in answered} == {303}
        assert left_behind == []
        assert {answer.status for answer in again} == {303}
        assert [before.answer.location for before in sent if before.answer] == [
            after.location for before, after in zip(sent, again, strict=True) if before.answer
        ]
        assert all(each.visitor.get(answer.location).status == 200 for each, answer in zip(sent, again, strict=True))

    assert any(each.answer is None for each in everything)
    assert wrong_with(racers_url) == []
    assert count(racers_url, "booking") == count(racers_url, "submission") == len(everything)
    with behind(racers_url) as engine, engine.connect() as connection:
        twice = text("SELECT count(*) FROM (SELECT starts_at FROM booking GROUP BY starts_at HAVING count(*) > 1) AS t")
        assert connection.execute(twice).scalar() == 0
