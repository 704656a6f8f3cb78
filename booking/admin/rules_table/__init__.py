"""Which rules the rules page shows, in which sections. A new rule gets an entry in its family's file and, perhaps, a
section of its own in the list below.
"""

from collections.abc import Mapping

from booking.admin.rules_table import amounts, company, opening, safety
from booking.admin.rules_table.kinds import FieldKind, Section

SECTIONS: Mapping[str, Section] = {
    section.key: section
    for section in (
        opening.HOURS,
        amounts.LENGTHS,
        amounts.TURNOVER,
        opening.AHEAD,
        amounts.SERIES,
        opening.SERVICE,
        company.PEOPLE,
        company.TOGETHER,
        company.ACCESS,
        safety.CONTAINMENT,
        safety.LONE_WORK,
        safety.DECLARATIONS,
    )
}
ELSEWHERE = frozenset({"R07-seats", "R10-always_open"})  # the resource's own form; a choice of R10's weekly hours

__all__ = ["ELSEWHERE", "SECTIONS", "FieldKind", "Section"]
