"""Where a rule's value is set, nearest first: resource, category, building, site, and the product's own default."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ScopeKind(StrEnum):
    """Nearest first, so the order of the members is the order in which values are looked for."""

    RESOURCE = "resource"
    CATEGORY = "category"
    BUILDING = "building"
    SITE = "site"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Scope:
    """One place a value can be set; the name is for people, the id for links."""

    kind: ScopeKind
    id: int | None = None
    name: str = ""


DEFAULT_SCOPE = Scope(ScopeKind.DEFAULT)
