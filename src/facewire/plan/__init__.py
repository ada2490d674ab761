"""From the wiring to options and trades for discussion: simulated, never a prescription."""

from facewire.plan.document import plan_document, read_facts
from facewire.plan.facts import FactDefinition, Facts, fact_definitions, parse_facts
from facewire.plan.planning import Plan, make_plan
from facewire.plan.preferences import Preferences, parse_preferences
from facewire.plan.safety import Answer, Means, check_safety

__all__ = [
    "Answer",
    "FactDefinition",
    "Facts",
    "Means",
    "Plan",
    "Preferences",
    "check_safety",
    "fact_definitions",
    "make_plan",
    "parse_facts",
    "parse_preferences",
    "plan_document",
    "read_facts",
]
