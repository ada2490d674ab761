"""What the short prints of a visit say: gathered from the record, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from facewire.comparison import Visit as MeasuredVisit
from facewire.comparison import compare_visits
from facewire.errors import UsageError
from facewire.findings import complete, present_cells
from facewire.record.clinical import complaints_of, findings_of, history_of
from facewire.record.deciding import decision_of, given_since
from facewire.record.injections import TOXIN, days_since_toxin, last_pattern
from facewire.record.recordings import document_of, newest_of_visit, recordings_of
from facewire.record.store import Session, get
from facewire.record.tables import Measurement, TreatmentGiven, Visit
from facewire.record.timeline import course
from facewire.record.visits import visits_of
from facewire.report import change_words, patient_words, professional_words
from facewire.report.prints import Print, PrintPart, PrintPicture
from facewire.results.measurement import Measurement as MeasurementDocument
from facewire.web import clinical_words as words
from facewire.web.grade_form import graders, summary
from facewire.web.patient_names import PatientHead
from facewire.words import (
    VERDICT_SYMBOLS,
    cell_title,
    day_words,
    involuntary_words,
    mm,
    translate,
    with_interval,
)
from facewire.words.coverage import seen_sentences


@dataclass(frozen=True)
class Told:
    """A visit in words, part by part; every part says something, also where nothing is known.

    Parameters
    ----------
    head : PatientHead
    visit : Visit
    result : Measurement or None
        The newest of the visit, judged.
    why, seen, found, by_eye, changed, done, next : tuple of str
        Lines of each part; what was seen stands before what was found.
    """

    head: PatientHead
    visit: Visit
    result: MeasurementDocument | None
    why: tuple[str, ...]
    seen: tuple[str, ...]
    found: tuple[str, ...]
    by_eye: tuple[str, ...]
    changed: tuple[str, ...]
    done: tuple[str, ...]
    next: tuple[str, ...]

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Whose it is, and of which day; what is hidden is left out."""
        head = self.head
        kind = words.words(words.VISIT_KINDS, self.visit.kind).lower()
        return (
            (translate("Patient"), head.name),
            (translate("Born"), day_words(head.born_on) if head.born_on else ""),
            (translate("Number in the clinic"), head.number),
            (translate("Code"), head.code if head.code != head.name else ""),
            (translate("Visit"), f"{day_words(self.visit.on)}, {kind}"),
        )

    @property
    def marks(self) -> tuple[str, ...]:
        """What stands at the head: a face that is no person, sides that are not confirmed."""
        if self.result is None:
            return ()
        found = []
        if self.result.synthetic:
            found.append(translate("Synthetic patient"))
        if not self.result.side_confirmed:
            found.append(translate("Sides not confirmed: may be mirrored"))
        return tuple(found)


def told(session: Session, head: PatientHead, visit: Visit, *, hidden: bool) -> Told:
    """Gather a visit in words.

    Parameters
    ----------
    session : Session
    head : PatientHead
    visit : Visit
    hidden : bool
        Whether texts that may name people are left out.
    """
    row = newest_of_visit(session, visit.id)
    result = None if row is None else complete(document_of(row, head.code))
    return Told(
        head=head,
        visit=visit,
        result=result,
        why=tuple(_why(session, visit, hidden=hidden)),
        seen=tuple(_seen(session, visit, result)),
        found=tuple(_found(result)),
        by_eye=tuple(_by_eye(session, visit)),
        changed=tuple(_changed(session, head, visit, row)),
        done=tuple(_done(session, visit)),
        next=tuple(_next(session, visit, hidden=hidden)),
    )


def summary_print(one: Told) -> Print:
    """Return the chart summary: one page."""
    parts = (
        (translate("Why"), one.why, "entered"),
        (translate("What was seen"), one.seen, "measured", True),
        (translate("What was found"), one.found, "measured"),
        (translate("Seen and felt, graded by eye"), one.by_eye, "entered"),
        (translate("What changed"), one.changed, "measured"),
        (translate("What was done"), one.done, "entered"),
        (translate("What next"), one.next, "entered"),
    )
    return Print(
        translate("Chart summary"),
        one.facts,
        one.marks,
        tuple(PrintPart(*part) for part in parts),
        one_page=True,
        signed=True,
    )


def letter_print(one: Told, writer: str, work: str) -> Print:
    """Return a letter to a colleague, to be signed by who wrote it."""
    opening = (
        day_words(one.visit.on),
        translate("Dear colleague,"),
        translate("this is what our visit showed."),
    )
    parts = [
        PrintPart(translate("Why the patient came"), one.why),
        PrintPart(translate("What the recording covers"), one.seen, "measured"),
        PrintPart(translate("What was found"), one.found, "measured"),
        PrintPart(translate("Seen and felt, graded by eye"), one.by_eye, "entered"),
        PrintPart(translate("What changed"), one.changed, "measured"),
        PrintPart(translate("What was done"), one.done, "entered"),
        PrintPart(translate("What we suggest"), one.next, "entered"),
    ]
    closing = (translate("With kind regards,"), "", writer, work)
    return Print(
        translate("Letter about a visit"), one.facts, one.marks, tuple(parts), (), opening, closing
    )


def patient_print(one: Told) -> Print:
    """Return the patient's own page, in plain words: what one recording shows, and no more."""
    title = translate("What your recording shows")
    facts = tuple(fact for fact in one.facts if fact[0] != translate("Number in the clinic"))
    if one.result is None:
        text = translate("Nothing was measured at this visit.")
        return Print(title, facts, parts=(PrintPart("", (text,)),), one_page=True)
    result = one.result
    parts = (
        (translate("What was seen"), seen_sentences(result.coverage)),
        (translate("What works"), _texts(patient_words.works(result))),
        (
            translate("What goes along without being asked"),
            _texts(patient_words.goes_along(result)),
        ),
        (translate("What most faces do a little"), _texts(patient_words.small(result))),
        (
            translate("What moves less or rests differently"),
            _texts(patient_words.less(result)),
        ),
        (translate("What could not be told"), _texts(patient_words.unknown(result))),
    )
    shown = [PrintPart(heading, lines) for heading, lines in parts if lines]
    closing = (
        translate(
            "This says what one recording shows. It cannot rule anything out: if something feels "
            "different to you, that counts."
        ),
    )
    return Print(title, facts, one.marks, tuple(shown), closing=closing, one_page=True)


def photo_print(one: Told, pictures: Sequence[PrintPicture], missing: str) -> Print:
    """Return the photo sheet: rest and the apex of each movement, or why there is none."""
    parts = () if pictures else (PrintPart("", (missing,)),)
    title = translate("Photo sheet")
    return Print(title, one.facts, one.marks, parts, tuple(pictures), one_page=True)


def _texts(lines: Iterable[patient_words.Line]) -> tuple[str, ...]:
    return tuple(line.text for line in lines)


def _why(session: Session, visit: Visit, *, hidden: bool) -> Iterable[str]:
    if not hidden:
        yield visit.reason or translate("Why the patient came was not entered.")
    story = history_of(session, visit.patient_id)
    if story is None:
        yield translate("How it began has not been entered.")
        return
    cause = words.words(words.CAUSES, story.cause)
    yield translate("Cause: {cause}.").format(cause=cause or translate("not known"))
    if story.onset_on is None:
        yield translate("When it began is not known.")
    else:
        precision = words.words(words.PRECISIONS, story.onset_precision)
        text = translate("Began {day} ({precision}); {months} months before this visit.")
        months = round((visit.on - story.onset_on) / timedelta(days=30.44))
        yield text.format(day=day_words(story.onset_on), precision=precision, months=months)
    side = words.words(words.SIDES, story.side)
    yield translate("Affected side, as told: {side}.").format(side=side or translate("not known"))
    if story.palsy_before:
        yield translate("There was a palsy before.")


def _seen(session: Session, visit: Visit, result: MeasurementDocument | None) -> Iterable[str]:
    if result is not None:
        said = seen_sentences(result.coverage)
        yield from said or (translate("The recording does not say what it covers."),)
        return
    states = [words.words(words.STATES, one.state) for one in recordings_of(session, visit.id)]
    if states:
        yield translate("Nothing is measured yet. Recordings: {states}.").format(
            states=", ".join(states)
        )
    else:
        yield translate("Nothing was recorded at this visit.")


def _found(result: MeasurementDocument | None) -> Iterable[str]:
    if result is None:
        yield translate("Nothing was measured at this visit.")
        return
    side = professional_words.side_text(result)
    yield translate("Affected side: {side}").format(side=side)
    present = present_cells(result.synkinesis)
    for cell in present:
        symbol, share = VERDICT_SYMBOLS[cell.says], professional_words.share(cell)
        yield f"{symbol} {cell_title(cell)}: {involuntary_words(cell)}; {share}"
    if not present:
        yield professional_words.nothing_found(result)
    for gap in result.eye_closure:
        if gap.gap_mm is not None:
            text = with_interval(mm(gap.gap_mm), gap.ci_low, gap.ci_high)
            yield translate("{place}: {size} stay open").format(
                place=professional_words.lids_title(gap), size=text
            )


def _by_eye(session: Session, visit: Visit) -> Iterable[str]:
    findings = [
        f"{words.words(words.FINDINGS, row.name)} {words.words(words.SIDES, row.side).lower()} "
        f"{row.degree}"
        for row in findings_of(session, visit.id)
    ]
    if findings:
        yield translate("Findings, 0 to 3: {list}.").format(list=", ".join(findings))
    complaints = [
        f"{words.words(words.COMPLAINTS, row.name)} {row.score}"
        for row in complaints_of(session, visit.id)
    ]
    if complaints:
        yield translate("How it felt, 0 to 10: {list}.").format(list=", ".join(complaints))
    grades = [f"{', '.join(summary(rows))} ({who})" for who, rows in graders(session, visit.id)]
    yield from grades
    if not (findings or complaints or grades):
        yield translate("Nothing was entered at this visit; that is not a no.")


def _changed(
    session: Session, head: PatientHead, visit: Visit, row: Measurement | None
) -> Iterable[str]:
    points = course(session, visit.patient_id)
    earlier = [p for p in points if p.visit_id != visit.id and p.on <= visit.on]
    if row is None or not earlier:
        yield translate("There is no earlier measurement to hold this one against.")
        return
    before = earlier[-1]
    first = document_of(get(session, Measurement, before.measurement_id), head.code)
    names = (f"{before.on.isoformat()} (1)", f"{visit.on.isoformat()} (2)")
    pair = (MeasuredVisit(names[0], first), MeasuredVisit(names[1], document_of(row, head.code)))
    since = translate("Since {day}:").format(day=day_words(before.on))
    try:
        comparison = compare_visits(pair)
    except UsageError as error:
        yield f"{since} {translate('cannot be compared.')} {error.found or ''}".strip()
        return
    (later,) = change_words.later_visits(comparison)
    changed = [one for one in later.rows if one.beyond_sdc]
    for one in changed:
        size = with_interval(change_words.difference(one), one.ci_low, one.ci_high)
        title = change_words.title(one, named=one.named)
        yield f"{since} {title}, {change_words.kind(one)}: {size}"
    if not changed:
        yield f"{since} " + translate("No difference is larger than what measuring again gives.")
    if comparison.provisional:
        yield translate("What measuring again gives is provisional here.")


def _done(session: Session, visit: Visit) -> Iterable[str]:
    earlier = [one.on for one in visits_of(session, visit.patient_id) if one.on < visit.on]
    start = max(earlier) + timedelta(days=1) if earlier else date.min
    given = given_since(session, visit.patient_id, start, visit.on)
    lines = list(given_lines(given))
    yield from lines or (translate("No treatment was entered since the visit before."),)
    pattern = last_pattern(session, visit.patient_id)
    days = days_since_toxin(session, visit.patient_id, visit.on)
    if pattern is not None and days:
        sides = ", ".join(
            translate("{side}: {count} days").format(
                side=words.words(words.SIDES, side), count=count
            )
            for side, count in sorted(days.items(), reverse=True)
        )
        yield translate("Since the last toxin: {sides}.").format(sides=sides)


def given_lines(given: Sequence[TreatmentGiven]) -> Iterable[str]:
    """Return treatments as lines; the places of one toxin session are one line a side."""
    sessions: dict[tuple[str, str], list[TreatmentGiven]] = {}
    for row in given:
        sessions.setdefault((row.session_id, row.side or ""), []).append(row)
    for (_, side), rows in sessions.items():
        first = rows[0]
        title = words.words(words.PROCEDURES, first.procedure)
        where = words.words(words.SIDES, side).lower()
        parts = [words.muscle_words(row.muscle).lower() + _units(row) for row in rows if row.muscle]
        product = f" ({first.product})" if first.procedure == TOXIN and first.product else ""
        detail = f": {', '.join(parts)}" if parts else ""
        yield f"{day_words(first.on)}, {title}{product}, {where}{detail}".replace(", :", ":")


def _units(row: TreatmentGiven) -> str:
    if row.procedure != TOXIN:
        return ""
    if row.units is None:
        return " " + translate("(units not known)")
    return " " + translate("{units} units").format(units=f"{row.units:g}")


def _next(session: Session, visit: Visit, *, hidden: bool) -> Iterable[str]:
    decision = decision_of(session, visit.id)
    if decision is None:
        yield translate("Nothing has been decided at this visit yet.")
        return
    yield decision.words
    yield translate("Reason: {reason}").format(reason=decision.reason)
    by = "" if hidden else decision.decided_by
    yield translate("Decided {day} {by}").format(day=day_words(decision.decided_on), by=by).strip()
