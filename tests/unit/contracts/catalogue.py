"""The controls as a table by tag: a fact without one is missing here, and a test says so."""

import re

from contracts.envelope import Event
from contracts.facts import FACTS
from tests import controls


def control_name(kind: type) -> str:
    """`LeadSourced` is made by `lead_sourced`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def by_tag() -> dict[str, Event]:
    """The control of every fact that has one."""
    made = {tag: getattr(controls, control_name(fact), None) for tag, fact in FACTS.items()}
    return {tag: make() for tag, make in made.items() if make is not None}
