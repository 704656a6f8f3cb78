"""Quotas hold however many book at once; a mistake other systems make is to count them without a lock."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support import databases
from tests.support.people import PASSWORD
from tests.support.racing import email, wrong_with
from tests.support.sharing import LEFT, OWN_MOST, SHARERS, wanted_day, with_sharers
from tests.support.visitor import Answer, Visitor

WORKERS = 4


@pytest.fixture(params=databases.KINDS)
def shared_url(request, tmp_path):
    with databases.fresh(request.param, tmp_path, name="sharers", fill=with_sharers) as url:
        yield url


def signed_in(url: str, number: int) -> Visitor:
    visitor = Visitor(url)
    visitor.sign_in(email(number), PASSWORD)
    visitor.open_form("before")
    return visitor


def all_at_once(visitors: list[Visitor], hour: Callable[[int], int]) -> list[Answer]:
    """Each books an hour in a room of their own, at the same instant."""
    line = threading.Barrier(len(visitors))

    def ask(number: int) -> Answer:
        times = {"start": f"{hour(number):02}:00", "end": f"{hour(number) + 1:02}:00"}
        form = visitors[number].filled_form(date=wanted_day(), **times)
        line.wait(timeout=60)
        return visitors[number].book(f"room-of-{number}", form)

    with ThreadPoolExecutor(len(visitors)) as threads:
        return list(threads.map(ask, range(len(visitors))))


def test_of_twenty_hours_wanted_at_once_the_ten_that_are_left_are_given_and_no_more(shared_url, serve):
    url = serve(shared_url, workers=WORKERS).url
    visitors = [signed_in(url, number) for number in range(SHARERS)]

    answers = all_at_once(visitors, lambda _: 10)

    refused = [answer for answer in answers if answer.status != 303]
    assert len(answers) - len(refused) == LEFT
    assert [(answer.status, answer.codes) for answer in refused] == [(422, ["R23.too_much"])] * (SHARERS - LEFT)
    assert wrong_with(shared_url) == []


def test_ten_parallel_requests_of_one_member_do_not_overrun_their_quota(shared_url, serve):
    url = serve(shared_url, workers=WORKERS).url
    visitors = [signed_in(url, SHARERS) for _ in range(10)]

    answers = all_at_once(visitors, lambda number: 8 + number)

    assert sum(answer.status == 303 for answer in answers) == OWN_MOST
    assert {answer.status for answer in answers} == {303, 422}
    assert {code for answer in answers for code in answer.codes if answer.status == 422} == {"R22.too_many"}
    assert wrong_with(shared_url) == []
