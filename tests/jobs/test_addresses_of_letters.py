"""Addresses with letters that mail servers do not know: what can be sent is sent, and the rest holds up nobody."""

import pytest

from booking.services import outbox
from booking.services.credentials import CHANGED
from tests.factories import a_member
from tests.jobs.acting import states
from tests.support.deciding import NOW


def test_a_domain_with_norwegian_letters_gets_its_mail_by_its_name_in_ascii(change, send):
    with change() as session:
        outbox.post(session, NOW, CHANGED, to=a_member(session, email="ola@blåbær.example").id)

    (delivered,) = send(NOW)

    assert delivered.receiver == "ola@xn--blbr-roah.example"
    assert "ola@xn--blbr-roah.example" in str(delivered.mail["To"])


@pytest.mark.parametrize("email", ["pål@booking.example", "kari@ a.example", "kari@b.example\r\nBcc: x@c.example"])
def test_an_address_that_no_mail_can_go_to_is_a_dead_letter_at_once_and_the_next_is_sent(change, send, email):
    with change() as session:
        outbox.post(session, NOW, CHANGED, to=a_member(session, email=email).id)
        siri = a_member(session, name="Siri")
        outbox.post(session, NOW, CHANGED, to=siri.id)

    assert [each.receiver for each in send(NOW)] == [siri.email]
    with change() as session:
        assert states(session) == ["dead", "sent"]
