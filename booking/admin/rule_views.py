"""What the pages about rules share: values with where they come from, what can be chosen, differences in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from booking.admin.frame import ScopeView, origin_words, scope_view
from booking.admin.rules_table import SECTIONS, FieldKind, Section, words
from booking.admin.rules_table.words import Names
from booking.core.errors import NotFound
from booking.core.rules.catalogue import RULE_BY_CODE
from booking.core.settings import Effective, Merge
from booking.core.verdict import Weight
from booking.db import db
from booking.http.access import the_actor
from booking.http.language import language
from booking.permissions import require
from booking.services.drafts import Difference
from booking.services.rule_settings import Json, Sheet
from booking.services.rule_sources import names_of
from booking.services.scopes import District, Where, district

OWN_EFFECT = frozenset({"R06", "R09", "R19"})  # a value of theirs says what comes of it, or the database does


@dataclass(frozen=True, slots=True)
class Row:
    """One value that counts, and where it was set; `inherited` is what would count if it were not set here."""

    field: FieldKind
    value: str
    origin_kind: str
    origin: str
    href: str
    inherited: str
    inherited_from: str
    weight: str


@dataclass(frozen=True, slots=True)
class Changed:
    """One value that a draft or a version made different, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """What changes of one rule at one scope."""

    scope: ScopeView
    rule: str
    title: str
    values: list[Changed]


def looked_at(kind: str, id_: int, permission: str = "resource.inspect") -> tuple[District, Where]:
    """Raises NotFound, NotAllowed."""
    all_ = district(db.session())
    where = all_.where(kind, id_)
    require(the_actor(), permission, where.place)
    return all_, where


def section_of(key: str) -> Section:
    """Raises NotFound."""
    if key not in SECTIONS:
        raise NotFound(kind="section")
    return SECTIONS[key]


def for_group(section: Section, group_id: int | None) -> Section:
    """Only the values a group can be granted; all of them for everyone."""
    if group_id is None:
        return section
    looser = tuple(each for each in section.fields if RULE_BY_CODE[each.rule].merge is Merge.NEAREST)
    return Section(section.key, section.title, section.lead, looser)


def weighable(section: Section) -> list[str]:
    """The rules whose weight can be chosen."""
    rules = [RULE_BY_CODE[code] for code in section.rules]
    return [rule.code for rule in rules if rule.weight is not Weight.LOCKED and rule.code not in OWN_EFFECT]


def rule_names(section: Section) -> dict[str, str]:
    """What each rule of a section is called: its first value's label."""
    return {code: str(next(kind.label for kind in section.fields if kind.rule == code)) for code in section.rules}


def names() -> Names:
    """What the ids in rules are called."""
    sources = {kind.shape.source for section in SECTIONS.values() for kind in section.fields if kind.shape.source}
    return names_of(db.session(), sources)


def rows(section: Section, sheet: Sheet, all_: District, where: Where, named: Names) -> list[Row]:
    """Each value of a section."""
    return [_row(kind, sheet, all_, where, named) for kind in section.fields]


def _row(kind: FieldKind, sheet: Sheet, all_: District, where: Where, named: Names) -> Row:
    view = sheet.rules[kind.rule]
    scope, above = view.effective.scope_of(kind.name), view.inherited.scope_of(kind.name)
    level = all_.levels.get((str(scope.kind), scope.id or 0))
    shown = scope_view(level, all_.where(level.kind, level.id)) if level and level.key != where.key else None
    return Row(
        field=kind,
        value=words.shown_effective(kind, view.effective, named),
        origin_kind=str(scope.kind),
        origin=origin_words(level, where.level),
        href=shown.href if shown else "",
        inherited=words.shown_effective(kind, view.inherited, named),
        inherited_from=origin_words(all_.levels.get((str(above.kind), above.id or 0)), where.level),
        weight=str(view.effective.weight) if level and view.effective.weight != view.rule.weight else "",
    )


def options(kind: FieldKind, named: Names) -> list[tuple[object, str]]:
    """What can be chosen, in words."""
    if kind.shape.source:
        return list(named[kind.shape.source].items())
    if kind.kind == "flag":
        return [(str(value).lower(), words.one_value(kind, value)) for value in (True, False)]
    return [(value, words.one_value(kind, value)) for value in kind.shape.choices]


def weight_words(weight: str | None) -> str:
    """What a rule weighs, as admins choose it."""
    known = {
        None: _("As it usually does"),
        "locked": _("Cannot be booked past"),
        "refuses": _("Refuses"),
        "needs_approval": _("Asks for approval"),
        "notes": _("Only says so"),
    }
    return str(known[weight])


def changed(
    code: str,
    before: Json,
    after: Json,
    named: Names,
    weights: tuple[str | None, str | None] = (None, None),
    inherited: Effective | None = None,
) -> list[Changed]:
    """The values that differ, each as it was and as it is; what is inherited says so, and what that is if known."""
    old, new = (dict(words.said(code, params, named)) for params in (before, after))
    kinds = [kind for section in SECTIONS.values() for kind in section.fields if kind.rule == code]
    found = []
    for kind in kinds:
        label, above = str(kind.label), _inherited(kind, inherited, named)
        if old.get(label) != new.get(label):
            found.append(Changed(label, old.get(label, above), new.get(label, above)))
    if weights[0] != weights[1]:
        found.append(Changed(str(_("When it is broken")), *(weight_words(weight) for weight in weights)))
    return found


def _inherited(kind: FieldKind, found: Effective | None, named: Names) -> str:
    if found is None:
        return str(_("inherited"))
    return str(_("Inherited: %(value)s", value=words.shown_effective(kind, found, named)))


def difference_views(found: Sequence[Difference], named: Names) -> list[DifferenceView]:
    """The differences of a draft, in words."""
    return [
        DifferenceView(
            scope_view(each.where.level, each.where),
            each.rule,
            words.rule_title(each.rule),
            changed(each.rule, each.before, each.after, named, (each.weight_before, each.weight_after), each.inherited),
        )
        for each in found
    ]


def grants(sheet: Sheet, all_: District, named: Names) -> list[tuple[str, int, str, str, list[tuple[str, str]]]]:
    """Looser values for single groups: the group and its id, the place, the section, and the values."""
    return [
        (
            grant.group,
            grant.group_id,
            all_.levels[grant.scope].name(language()),
            next((key for key, section in SECTIONS.items() if view.rule.code in section.rules), ""),
            words.said(view.rule.code, grant.params, named),
        )
        for view in sheet.rules.values()
        for grant in view.grants
        if grant.scope in all_.levels
    ]


def around(all_: District, where: Where) -> list[ScopeView]:
    """What a scope inherits from."""
    return [scope_view(level, all_.where(level.kind, level.id)) for level in where.around]
