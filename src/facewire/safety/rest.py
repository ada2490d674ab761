"""The face at rest: tight, hanging or even, from what was measured and from what was graded by eye.

Tightness at rest (hypertonic rest) is a narrow eye, a deep fold, a corner that is pulled up or out.
Video measures lids and corners and never the fold. What nobody saw is not spoken of.
"""

from __future__ import annotations

from collections.abc import Iterator

from facewire.results.stage import RestingFace, RestPart, RestPartName
from facewire.results.wiring import RestSays, RestSign, RestSignName, Wiring
from facewire.safety.facts import Facts
from facewire.safety.person import Person
from facewire.words import mark

OPTIONS: dict[str, RestSays] = {
    "normal": "even",
    "narrow": "tight",
    "more_marked": "tight",
    "corner_pulled_up_or_out": "tight",
    "wide": "slack",
    "less_marked": "slack",
    "absent": "slack",
    "corner_drooped": "slack",
}
"""What each resting option of the Sunnybrook scale says; an operated lid says nothing."""

_PARTS: tuple[tuple[RestPartName, str, tuple[RestSignName, ...]], ...] = (
    ("eye", "rest_eye", ("fissure", "upper_lid", "lower_lid")),
    ("fold", "rest_fold", ()),
    ("corner", "rest_corner", ("corner_up", "corner_out")),
)
_DECIDING: dict[RestPartName, tuple[RestSignName, ...]] = {
    "eye": ("fissure",),
    "fold": (),
    "corner": ("corner_up", "corner_out"),
}
"""Signs that say whether a part is tight; the lids say which of them narrows the eye."""

CONTRADICT = mark("graded by eye and measured do not agree: look again")
LID_ALONE = mark(
    "the lower lid does not stand higher: a drooping upper lid (levator, brow, skin) narrows an "
    "eye too, and weakening the eye's closer does not lift that"
)
BOTH_LIDS = mark(
    "the lower lid stands higher too, as where orbicularis oculi is tight (15 people: upper lid "
    "1.5 mm lower, standard deviation 0.7; lower lid 1.0 mm higher, 0.3; Eye, doi "
    "10.1038/sj.eye.6700599)"
)
NO_FOLD = mark("video does not see the fold between nose and mouth: grade it by eye")
NOT_SEEN = mark("not seen at rest")


def find_rest(person: Person, facts: Facts) -> RestingFace | None:
    """Return what is known of the affected side at rest, against the other; None where nothing is.

    Parameters
    ----------
    person : Person
        Its wiring carries the measured signs.
    facts : Facts
        What was graded by eye, on the person or on a photograph.
    """
    signs = person.wiring.rest
    parts = tuple(_part(name, fact, signs, person, facts) for name, fact, _ in _PARTS)
    if all(one.says == "untold" and not one.graded for one in parts) and not any(
        sign.difference_mm is not None for sign in signs
    ):
        return None
    seen_on = facts.answers("rest_seen_on", None)
    return RestingFace(
        side=person.affected,
        parts=parts,
        signs=signs,
        graded_on=None if not seen_on else str(seen_on[0].value),  # type: ignore[arg-type]
    )


def _part(
    name: RestPartName, fact: str, signs: tuple[RestSign, ...], person: Person, facts: Facts
) -> RestPart:
    graded = _graded(name, fact, person, facts)
    own = {sign.sign: sign for sign in signs}
    deciding = [own[sign] for sign in _DECIDING[name] if sign in own]
    measured = _together([sign.says for sign in deciding])
    examined = OPTIONS.get(graded or "", "untold")
    says = examined if examined != "untold" else measured
    notes = list(_notes(name, says, own, deciding))
    if {measured, examined} == {"tight", "slack"}:
        says = "untold"
        notes.insert(0, CONTRADICT)
    return RestPart(part=name, says=says, graded=graded, notes=tuple(notes))


def _graded(name: RestPartName, fact: str, person: Person, facts: Facts) -> str | None:
    """Return the option that was graded by eye; of the fold also from a finding of the visit."""
    stated = facts.answers(fact, None)
    if stated:
        return str(stated[0].value)
    return graded_fold(person.wiring, facts) if name == "fold" else None


def graded_fold(wiring: Wiring | None, facts: Facts) -> str | None:
    """Return how the fold of the affected side was graded by eye: stated, or as a finding.

    Parameters
    ----------
    wiring : Wiring or None
        With its findings; None where a face comes without.
    facts : Facts
        What is stated counts before a finding.
    """
    stated = facts.answers("rest_fold", None)
    if stated:
        return str(stated[0].value)
    side = None if wiring is None else wiring.affected_side
    for one in () if wiring is None else wiring.findings:
        if one.finding == "nasolabial_fold" and one.side is side:
            return "more_marked" if one.grade else "normal"
    return None


def _together(says: list[RestSays]) -> RestSays:
    """Return what several signs of one part say: tight or slack where one does and none opposes."""
    told = set(says) - {"untold"}
    clear = told & {"tight", "slack"}
    if len(clear) == 1:
        return "tight" if "tight" in clear else "slack"
    return "even" if says and told == {"even"} and "untold" not in says else "untold"


def _notes(
    name: RestPartName, says: RestSays, own: dict[RestSignName, RestSign], deciding: list[RestSign]
) -> Iterator[str]:
    if name == "fold" and says == "untold":
        yield NO_FOLD
    elif says == "untold" and all(sign.difference_mm is None for sign in deciding):
        yield NOT_SEEN
    lower = own.get("lower_lid")
    if name == "eye" and says == "tight" and lower is not None:
        if lower.says == "tight":
            yield BOTH_LIDS
        elif lower.says in ("even", "slack"):
            yield LID_ALONE
