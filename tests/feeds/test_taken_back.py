"""What part of a transaction is taken back says nothing about the rest: that still reaches every calendar."""

from datetime import timedelta

from booking.core.request import WallSpan
from booking.models import Resource
from booking.services import importing
from booking.services.catalogue import resource_by_slug
from tests.factories import span_at
from tests.feeds.conftest import NOW
from tests.feeds.test_fragments import assert_kept_as_rendered


def test_a_refused_row_of_an_import_does_not_keep_the_others_from_the_calendars(subscriber, change):
    before = subscriber.get().headers["ETag"]
    with change() as session:
        card = resource_by_slug(session, session.get(Resource, subscriber.room_id).slug)
        plan = importing.Plan(card, subscriber.member_id, None, timedelta(days=1))
        wall = WallSpan.of(span_at("2027-03-02 10:00-11:00"), card.zone)
        rows = [importing.Row(n, f"uid-{n}", wall, title) for n, title in enumerate(("Stays", "Is in its way"))]
        fates = [importing.take_in(session, NOW, plan, row).fate for row in rows]

    assert fates == [importing.Fate.NEW, importing.Fate.REFUSED]
    with change() as session:
        assert_kept_as_rendered(session)
    assert subscriber.get(If_None_Match=before).status_code == 200
    assert subscriber.told() == {"Stays": "CONFIRMED"}
