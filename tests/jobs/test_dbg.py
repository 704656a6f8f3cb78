import pytest, tests.jobs.test_series_invitations as t
from sqlalchemy import select
from booking.models import Booking, Series
def show(change, story, log):
    with change() as session:
        for row in session.scalars(select(Booking).order_by(Booking.id)):
            print(row.id, row.series_id, row.series_day, row.member_id, row.state, row.starts_at, row.ends_at, row.title)
        for s in session.scalars(select(Series)): print(s.id, s.member_id, s.sequence, s.recipe)
@pytest.mark.parametrize("seed",[9,14,18,22])
def test_it(change, send, seed):
    story=t.Story(change, seed); d={}; late=story.chance.random()<0.4
    log=[]
    for name in ("cancel","restore","move","rename","other_room","hand_over","change_following","change_all","cancel_following"):
        def wrap(f, name=name):
            def g(session,row):
                f(session,row); log.append((name,row.id))
            return g
        setattr(story,name,wrap(getattr(story,name)))
    last=[]
    try:
        for _ in range(14):
            story.go_on()
            if not late:
                last=send(story.now); t.take_in(d,last); t.assert_equal(change,story,d)
        last=send(story.now)
        t.take_in(d,last); t.assert_equal(change,story,d)
    except AssertionError:
        print(log, late); show(change,story,log)
        for each in last: print(each.receiver, each.mail["Subject"], (each.calendar or b"").decode())
        raise
def test_22(change, send):
    story=t.Story(change, 22); d={}; late=story.chance.random()<0.4
    for _ in range(14):
        story.go_on()
        for m in send(story.now):
            print(m.mail["Subject"], m.calendar.decode()); t.take_in(d,[m])
        try: t.assert_equal(change,story,d)
        except AssertionError:
            for k in d.values():
                for u in k.known.values(): print(u.master.to_ical().decode(), "DATES", *[(str(x),str(v[0]),e and e.to_ical().decode().replace("TZID","tz")) for x,(v,e) in u.dates.items()], t.Diary(d and list(d.values())[0].known).occurrences(t.FIRST,t.LAST))
            raise
