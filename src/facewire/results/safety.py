"""What the rules of safety say: facts in, and cleared, not cleared or barred out.

The same rows stand in a plan and in a forecast. Left (L) and right (R) are the patient's own.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from facewire.face import Side
from facewire.face.muscles import MuscleGroup
from facewire.results.document import Row

Status = Literal["seen", "recalled"]


class Means(StrEnum):
    """A way to treat."""

    FACIAL_TRAINING = "facial_training"
    BOTULINUM_TOXIN = "botulinum_toxin"
    SELECTIVE_NEURECTOMY = "selective_neurectomy"
    DAO_MYECTOMY = "dao_myectomy"
    PLATYSMECTOMY = "platysmectomy"
    BUCCINATOR_MYECTOMY = "buccinator_myectomy"
    UPPER_LID_WEIGHT = "upper_lid_weight"
    TARSORRHAPHY = "tarsorrhaphy"
    CANTHOPLASTY = "canthoplasty"
    CROSS_FACE_NERVE_GRAFT = "cross_face_nerve_graft"
    GRACILIS_TRANSFER = "gracilis_transfer"
    NERVE_TRANSFER = "nerve_transfer"
    BROW_LIFT = "brow_lift"
    FACELIFT = "facelift"


class Answer(StrEnum):
    """The three answers; the worst of several counts."""

    CLEARED = "cleared"
    NOT_CLEARED = "not_cleared"
    BARRED = "barred"


class SidedMuscle(Row):
    """One muscle group on one side."""

    muscle: MuscleGroup
    side: Side


class RuleAnswer(Row):
    """What one rule of safety or timing says, from what is known.

    A recalled one is general practice, not checked against a source; it bars all the same.
    """

    rule: str
    side: Side | None
    """The side asked about; null for the whole face."""
    answer: Answer
    found: str
    """What the answer rests on."""
    why: str
    missing: str | None
    """The fact to ask for; null when it is known."""
    how_to_get_it: str
    source: str
    status: Status
    status_words: str


class KnownFact(Row):
    """One answer and where it is from."""

    fact: str
    side: Side | None
    value: bool | float | str
    from_: Annotated[Literal["stated", "measured", "inferred", "worked out"], Field(alias="from")]
    origin: str = ""
    """Where in a record it stands; empty for a facts file and in files of earlier versions."""


class Question(Row):
    """Something that some candidate or option waits for."""

    fact: str
    question: str
    how: str
    sides: tuple[Side, ...]
    rules: tuple[str, ...]


class TreatmentCheck(Row):
    """One treatment of a time line, and what the rules say of it on its day."""

    day: int
    means: Means
    side: Side
    what: str
    """The muscle or the operation, as it was given."""
    answer: Answer
    """The worst of the rules' answers."""
    safety: tuple[RuleAnswer, ...]
