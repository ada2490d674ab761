"""One table of rules: facts in; cleared, not cleared or barred out, with reason and source."""

from facewire.safety.definitions import FactDefinition, fact_definitions
from facewire.safety.face import act_findings, face_facts, known_face, measured_facts
from facewire.safety.facts import (
    Facts,
    KnownFace,
    parse_facts,
)
from facewire.safety.rules import check_safety
from facewire.safety.schedule import Act, check_schedule
from facewire.safety.stage import staged_facts

__all__ = [
    "Act",
    "FactDefinition",
    "Facts",
    "KnownFace",
    "act_findings",
    "check_safety",
    "check_schedule",
    "face_facts",
    "fact_definitions",
    "known_face",
    "measured_facts",
    "parse_facts",
    "staged_facts",
]
