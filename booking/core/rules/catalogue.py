"""The catalogue: every rule the judge asks, in the order in which findings are told."""

from __future__ import annotations

from collections.abc import Mapping

from booking.core import params, safety_params
from booking.core.rules import (
    amount,
    containment,
    deadline,
    declarations,
    kits,
    lone_work,
    notice,
    opening_rules,
    outage_rules,
    repeating,
    shape,
    who,
)
from booking.core.rules.rule import Exempt, Rule
from booking.core.settings import Merge
from booking.core.verdict import Weight

_MANAGER = frozenset({Exempt.MANAGER})
_GROUP = frozenset({Exempt.MANAGER, Exempt.GROUP})
_ADMIN = frozenset({Exempt.ADMIN})
_NEAREST, _STRICTEST, _UNION = Merge.NEAREST, Merge.STRICTEST, Merge.UNION
_LOCKED, _REFUSES, _NOTES = Weight.LOCKED, Weight.REFUSES, Weight.NOTES

RULES: tuple[Rule, ...] = (
    Rule(
        "R01",
        "interval",
        params.NoParams,
        _STRICTEST,
        _LOCKED,
        shape.times_that_exist,
        settable=False,
        needs_span=False,
    ),
    Rule("R02", "grid", params.Grid, _NEAREST, _REFUSES, shape.on_the_grid, _MANAGER),
    Rule("R03", "past", params.Past, _NEAREST, _REFUSES, shape.not_in_the_past, _MANAGER),
    Rule("R04", "bookable", params.NoParams, _STRICTEST, _LOCKED, shape.bookable, settable=False, needs_span=False),
    Rule("R05", "overlap", params.Overlap, _NEAREST, _LOCKED, shape.not_taken),
    Rule("R06", "buffer", params.Buffer, _NEAREST, _REFUSES, shape.with_room_to_turn_over, _MANAGER),
    Rule("R07", "people", params.People, _STRICTEST, _NOTES, shape.with_room_for_all, needs_span=False),
    Rule("R08", "composition", params.Companions, _UNION, _REFUSES, kits.well_composed, _ADMIN),
    Rule("R09", "own_clash", params.OwnClash, _NEAREST, _NOTES, kits.nothing_else_then, _MANAGER),
    Rule("R10", "hours", params.Hours, _NEAREST, _REFUSES, opening_rules.in_opening_hours, _GROUP),
    Rule("R11", "closure", params.Closures, _UNION, _REFUSES, opening_rules.outside_closures, _ADMIN),
    Rule("R12", "outage", params.NoParams, _UNION, _REFUSES, outage_rules.outside_outages, _MANAGER, settable=False),
    Rule(
        "R13", "out_of_service", params.Service, _NEAREST, _REFUSES, outage_rules.in_service, _MANAGER, needs_span=False
    ),
    Rule("R17", "notice", params.Notice, _NEAREST, _REFUSES, notice.with_notice, _MANAGER),
    Rule("R18", "horizon", params.Horizon, _NEAREST, _REFUSES, notice.within_horizon, _GROUP),
    Rule("R19", "deadline", params.Deadline, _NEAREST, _REFUSES, deadline.nothing_of_a_new_booking, _MANAGER),
    Rule("R20", "shortest", params.Shortest, _NEAREST, _REFUSES, amount.long_enough, _GROUP),
    Rule("R21", "longest", params.Longest, _NEAREST, _REFUSES, amount.short_enough, _GROUP),
    Rule("R28", "series", params.Series, _NEAREST, _REFUSES, repeating.short_series, _GROUP, needs_span=False),
    Rule("R30", "access", params.Access, _UNION, _REFUSES, who.open_to_the_member, _ADMIN, needs_span=False),
    Rule("R32", "containment", safety_params.Containment, _STRICTEST, _LOCKED, containment.contained, needs_span=False),
    Rule("R33", "lone_work", safety_params.LoneWork, _STRICTEST, _REFUSES, lone_work.never_alone, _ADMIN),
    Rule("R36", "declarations", safety_params.Declarations, _UNION, _LOCKED, declarations.declared, needs_span=False),
)

RULE_BY_CODE: Mapping[str, Rule] = {rule.code: rule for rule in RULES}
