"""Given these facts, this row: folds envelopes or bare facts into one row of a view."""

from typing import TypeVar

import msgspec

from contracts.envelope import Actor, AnyEnvelope, Envelope, Event, Position
from services.projections.views import View
from tests import controls

R = TypeVar("R", bound=msgspec.Struct)


def said(event: Event, seq: int, actor: Actor = controls.AGENT) -> AnyEnvelope:
    """The fact as it lies at a position."""
    return controls.envelope(event, seq, actor=actor, position=Position(0, seq))


def rows_of(view: View[R], *facts: Event | AnyEnvelope) -> dict[str, R]:
    """All rows after these facts, which lie at 0:1, 0:2, …"""
    rows: dict[str, R] = {}
    for seq, one in enumerate(facts, start=1):
        fact = one if isinstance(one, Envelope) else said(one, seq)
        for key in view.keys(fact):
            row = view.project(rows.pop(key, None), fact)
            if row is not None:
                rows[key] = row
    return rows


def row_of(view: View[R], *facts: Event | AnyEnvelope) -> R:
    """The only row after these facts."""
    [row] = rows_of(view, *facts).values()
    return row
