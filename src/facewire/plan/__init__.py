"""From the wiring to options and trades for discussion: simulated, never a prescription."""

from facewire.plan.planning import make_plan
from facewire.plan.preferences import Preferences, parse_preferences, read_facts
from facewire.safety.definitions import FactDefinition, fact_definitions
from facewire.safety.facts import Facts, parse_facts
from facewire.safety.rules import check_safety

__all__ = [
    "FactDefinition",
    "Facts",
    "Preferences",
    "check_safety",
    "fact_definitions",
    "make_plan",
    "parse_facts",
    "parse_preferences",
    "read_facts",
]
