"""Which rules the rules page shows, in which sections. A new rule gets an entry in its family's file and, perhaps, a
section of its own in the list below.
"""

from collections.abc import Mapping

from booking.admin.rules_table import amounts, answers, company, labs, opening, safety, shares
from booking.admin.rules_table.kinds import FieldKind, Section

SECTIONS: Mapping[str, Section] = {
    section.key: section
    for section in (
        opening.HOURS,
        amounts.LENGTHS,
        amounts.TURNOVER,
        opening.AHEAD,
        amounts.SERIES,
        shares.QUOTAS,
        shares.SPACING,
        shares.RESERVED,
        opening.SERVICE,
        company.PEOPLE,
        company.TOGETHER,
        company.ACCESS,
        labs.COMPETENCE,
        labs.CALIBRATION,
        safety.CONTAINMENT,
        safety.LONE_WORK,
        safety.DECLARATIONS,
        answers.APPROVAL,
        answers.VISIBILITY,
    )
}
ELSEWHERE = frozenset({"R07-seats", "R10-always_open"})  # the resource's own form; a choice of R10's weekly hours

__all__ = ["ELSEWHERE", "SECTIONS", "FieldKind", "Section"]
