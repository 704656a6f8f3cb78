"""Loads what an address names, and says 404 for what does not exist or is not for the reader to know of."""

from booking import clock
from booking.core.errors import NotAllowed, NotFound
from booking.db import db
from booking.permissions import Actor, require
from booking.services import visibility
from booking.services.catalogue import ResourceCard, resource_by_slug
from booking.services.standing import Standing, found

NUL = "\x00"  # no name holds it, and PostgreSQL takes no text that does


def shown_resource(slug: str) -> ResourceCard:
    """The resource at this address. Raises NotFound."""
    if NUL in slug:
        raise NotFound(kind="resource")
    return resource_by_slug(db.session(), slug)


def shown_booking(actor: Actor, public_id: str) -> Standing:
    """The booking at this address, if the member may see it. Raises NotFound."""
    if NUL in public_id:
        raise NotFound(kind="booking")
    try:
        standing = found(db.session(), actor, public_id, "booking.see")
        require(actor, "booking.see", visibility.seen(db.session(), clock.now(), standing))
    except NotAllowed:
        raise NotFound(kind="booking") from None
    return standing
