"""Kits: several resources in one booking, and what some of them need beside them."""

from __future__ import annotations

from dataclasses import replace

from booking.core.facts import Facts, ResourceFacts
from booking.core.params import Buffer, Companions
from booking.core.request import Item
from booking.core.settings import Effective
from booking.core.verdict import Weight


def needs_of(resource: ResourceFacts) -> dict[int, int]:
    """How many units of which resources must be booked along with it."""
    needs: dict[int, int] = {}
    for resource_id, quantity in resource.values("R08", Companions).needs:
        if resource_id != resource.id:
            needs[resource_id] = max(quantity, needs.get(resource_id, 0))
    return needs


def completed(items: tuple[Item, ...], facts: Facts) -> tuple[Item, ...]:
    """The items and all that they need beside them, as far as it is known."""
    wanted = {item.resource_id: item.quantity for item in items}
    for item in items:
        for resource_id, quantity in needs_of(facts.of(item.resource_id)).items():
            if resource_id in facts.resources or resource_id in facts.companions:
                wanted[resource_id] = max(quantity, wanted.get(resource_id, 0))
    return tuple(Item(resource_id, quantity) for resource_id, quantity in wanted.items())


def as_kit(items: tuple[Item, ...], facts: Facts) -> Facts:
    """The facts for these items together: a companion is held through the set-up and clean-up of what needs it."""
    if len(items) == 1:
        return facts
    kit = {item.resource_id: facts.of(item.resource_id) for item in items}
    wider: dict[int, ResourceFacts] = {}
    for resource in kit.values():
        if resource.values("R08", Companions).covers == "whole":
            wider |= {id_: resource for id_ in needs_of(resource) if id_ in kit}
    widened = {id_: _held_as_long(kit[id_], main) for id_, main in wider.items()}
    return replace(facts, resources={**facts.resources, **kit, **widened})


def _held_as_long(companion: ResourceFacts, main: ResourceFacts) -> ResourceFacts:
    own, its = companion.values("R06", Buffer), main.values("R06", Buffer)
    before, after = max(own.before_minutes, its.before_minutes), max(own.after_minutes, its.after_minutes)
    if (before, after) == (own.before_minutes, own.after_minutes):
        return companion
    setting = companion.settings.get("R06") or Effective(own, Weight.REFUSES)
    wider = replace(setting, params=replace(own, before_minutes=before, after_minutes=after))
    return replace(companion, settings={**companion.settings, "R06": wider})
