"""What goes with every change of a booking's row: its version, and what the journal keeps of it."""

from datetime import datetime, timedelta

from booking.models import Booking
from booking.services.standing import Standing


def touch(row: Booking, now: datetime, *, moved: bool) -> None:
    """LAST-MODIFIED must rise strictly, and SEQUENCE with time, place and state (RFC 5545, 3.8.7)."""
    row.version += 1
    row.sequence += 1 if moved else 0
    row.modified_at = max(now, row.modified_at + timedelta(seconds=1))


def values(standing: Standing) -> dict[str, object]:
    """What the journal keeps of a booking: ids and plain values, never what somebody wrote."""
    row = standing.row
    return {
        "version": row.version,
        "state": str(row.state),
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "resources": list(standing.resource_ids),
        "people": row.people,
        "member_id": row.member_id,
        "organisation_id": row.organisation_id,
        "visibility": row.visibility,
        "quantities": [item.quantity for item in standing.items],
    }
