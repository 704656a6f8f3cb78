"""Says where a value is set: at the resource itself, its category, building or site, or by the service."""

from __future__ import annotations

from babel import Locale

from booking.core.scope import Scope, ScopeKind
from booking.wording.translating import N_, translate

ORIGINS: dict[ScopeKind, str] = {
    ScopeKind.RESOURCE: N_("set for {name} itself"),
    ScopeKind.CATEGORY: N_("set for everything in {name}"),
    ScopeKind.BUILDING: N_("set for the whole building {name}"),
    ScopeKind.SITE: N_("set for the whole of {name}"),
    ScopeKind.DEFAULT: N_("as the service has it from the start"),
}


def origin(scope: Scope, locale: str | Locale) -> str:
    return translate(ORIGINS[scope.kind], locale).format(name=scope.name)
