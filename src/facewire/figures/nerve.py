"""The facial nerve in the face, and on it the inferred wrong wiring: one SVG picture.

The patient's left lies on the picture's right. Without edges it is a picture of anatomy: muscles
named on one side, the nerve, its branches and their joins on the other. With edges it shows where
commands seem to reach wrong muscles, hatched and dashed, and says that this is inferred.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from facewire.face import SIDES, Side
from facewire.face.anatomy import (
    BRANCHES,
    Branch,
    Communication,
    anatomy,
    branch_names,
    communications,
    group_names,
)
from facewire.face.muscles import GROUPS, MuscleGroup
from facewire.figures import nerve_shape as shape
from facewire.figures.nerve_edges import (
    count_untold,
    describe_edges,
    edge_list,
    ribbons,
    wrong_edges,
)
from facewire.figures.nerve_labels import (
    HEIGHT,
    MIDDLE,
    WIDTH,
    Label,
    figure_style,
    label_column,
    picture_x,
    text_at,
    words,
)
from facewire.results.wiring import Edge
from facewire.words import sentence, side_word, translate

LETTER = {
    Branch.TEMPORAL: "T",
    Branch.ZYGOMATIC: "Z",
    Branch.BUCCAL: "B",
    Branch.MARGINAL_MANDIBULAR: "M",
    Branch.CERVICAL: "C",
}


GLYPH = 8.1
"""Room for one letter of the legend in a wide font, picture units."""


def nerve_svg(
    edges: Sequence[Edge] | None = None,
    *,
    side: Side | None = None,
) -> str:
    """Draw the facial nerve in the face, with the inferred wrong wiring where it is given.

    Parameters
    ----------
    edges : sequence of Edge, optional
        Those of a wiring. Wrong edges that are present are drawn, the largest first. None draws
        the anatomy alone.
    side : Side, optional
        The side whose nerve is drawn: the affected one. By default that of the largest wrong
        edge, else the left.

    Returns
    -------
    str
        An ``<svg>`` element that refers to nothing outside itself.
    """
    wrong = wrong_edges(edges or ())
    drawn = side or (wrong[0].side if wrong else Side.LEFT)
    if edges is None:
        layers = [_nerve(drawn), _anatomy_labels(drawn), _letters(drawn)]
        title, told = translate("The facial nerve and its muscles"), _anatomy_words()
    else:
        layers = [f'<g class="nf-faint">{_nerve(drawn)}</g>', ribbons(wrong)]
        layers += [_muscle_labels(drawn.other), edge_list(wrong, drawn)]
        title = translate("Wiring of the face: inferred, not measured")
        told = describe_edges(wrong)
    face = _face({(e.muscle, e.side) for e in wrong})
    legend = _legend(None if edges is None else count_untold(edges))
    return _svg((title, told), [face, *layers, _sides(), legend])


def _svg(title: tuple[str, str], layers: Sequence[str]) -> str:
    return (
        f'<svg class="nerve-figure" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" aria-labelledby="nerve-title nerve-desc">'
        f'<title id="nerve-title">{escape(title[0])}</title>'
        f'<desc id="nerve-desc">{escape(title[1])}</desc><style>{figure_style()}</style>'
        f'<defs><pattern id="nerve-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect class="nf-paper" width="6" height="6"/>'
        f'<rect class="nf-ink" width="2.6" height="6"/></pattern></defs>'
        f'<text class="nf-title" x="{MIDDLE}" y="30" text-anchor="middle">{escape(title[0])}</text>'
        + "".join(layers)
        + "</svg>"
    )


def _mirrored(side: Side, content: str) -> str:
    flip = 1 if side is Side.LEFT else -1
    return f'<g transform="translate({MIDDLE} 0) scale({flip} 1)">{content}</g>'


def _face(reached: set[tuple[MuscleGroup, Side]]) -> str:
    return "".join(_mirrored(s, _half({g for g, own in reached if own is s})) for s in SIDES)


def _half(reached: set[MuscleGroup]) -> str:
    """Draw half a face: skin, muscles from the deep to the shallow, features above them."""
    skin = (
        f'<path class="nf-skin" d="{shape.NECK}"/><path class="nf-line" d="{shape.NECK_LINE}"/>'
        f'<path class="nf-ear" d="{shape.EAR}"/>'
        f'<path class="nf-skin" d="{shape.HEAD}"/><path class="nf-edge" d="{shape.HEAD}"/>'
        f'<path class="nf-hair" d="{shape.HAIR}"/>'
    )
    muscles = "".join(
        _muscle(group, "nf-reached" if group in reached else "nf-calm") for group in shape.MUSCLES
    )
    x, y = shape.IRIS
    features = (
        f'<path class="nf-brow" d="{shape.BROW}"/><path class="nf-eye" d="{shape.EYE}"/>'
        f'<circle class="nf-iris" cx="{x}" cy="{y}" r="12"/>'
        f'<circle class="nf-pupil" cx="{x}" cy="{y}" r="5"/>'
        f'<path class="nf-line" d="{shape.LID}"/><path class="nf-line" d="{shape.NOSE}"/>'
        f'<path class="nf-lip" d="{shape.UPPER_LIP}"/><path class="nf-lip" d="{shape.LOWER_LIP}"/>'
        f'<path class="nf-crease" d="{shape.LIP_LINES}"/>'
    )
    return skin + muscles + features


def _muscle(group: MuscleGroup, style: str) -> str:
    parts = []
    for part in shape.MUSCLES[group]:
        area, fibres = shape.muscle_paths(part)
        parts.append(f'<path class="nf-area" fill-rule="evenodd" d="{area}"/>')
        parts.append(f'<path class="nf-fibre" d="{fibres}"/>')
    return f'<g class="{style}" data-group="{group}">{"".join(parts)}</g>'


def _nerve(side: Side) -> str:
    """Draw joins, then every course twice: a dark casing and a light core, legible in grey."""
    joins = "".join(
        f'<path class="{style}" d="{shape.curve_path(curve)}"/>'
        for curve in shape.JOINS.values()
        for style in ("nf-join-halo", "nf-join")
    )
    courses = [("nf-twig", c) for b in BRANCHES for c in shape.TWIGS[b]]
    courses += [("nf-branch", shape.BRANCH_COURSES[b]) for b in BRANCHES]
    courses += [("nf-trunk", c) for c in shape.TRUNK]
    lines = "".join(
        f'<path class="{style} {layer}" d="{shape.curve_path(curve)}"/>'
        for layer in ("nf-casing", "nf-core")
        for style, curve in courses
    )
    x, y = shape.FORAMEN
    gland = f'<path class="nf-gland" d="{shape.PAROTID}"/>'
    hole = f'<circle class="nf-foramen" cx="{x}" cy="{y}" r="6.5"/>'
    return _mirrored(side, gland + lines + joins + hole)


def _letters(side: Side) -> str:
    found = []
    for branch, place in shape.LETTERS.items():
        x, y = picture_x(side, place[0]), place[1]
        found.append(f'<circle class="nf-badge" cx="{x:.1f}" cy="{y}" r="9"/>')
        found.append(text_at((x, y + 4.6), LETTER[branch], "nf-letter", "middle"))
    return "".join(found)


def _anatomy_labels(side: Side) -> str:
    return _muscle_labels(side.other) + _nerve_labels(side)


def _muscle_labels(side: Side) -> str:
    labels = [Label(shape.CENTRES[g], *words(group_names(g))) for g in GROUPS]
    return label_column(labels, side)


def _nerve_labels(side: Side) -> str:
    labels = [_trunk_label()]
    for branch in BRANCHES:
        name, plain = words(branch_names(branch))
        labels.append(Label(shape.LETTERS[branch], f"{LETTER[branch]}: {name}", plain))
    labels += [_join_label(join) for join in communications()]
    return label_column(labels, side)


def _trunk_label() -> Label:
    trunk = anatomy().trunk
    leaves = translate("leaves the skull at the {place}")
    name, _ = words(trunk.names)
    return Label(shape.FORAMEN, name, leaves.format(place=trunk.leaves_the_skull))


def _join_label(join: Communication) -> Label:
    place = shape.bezier(shape.JOINS[frozenset({join.a, join.b})], 0.5)
    text = translate("joined in {percent} % of {n} half faces")
    found = text.format(percent=f"{100 * join.fraction:g}", n=join.count.n_hemifaces)
    return Label(place, "", f"{LETTER[join.a]} to {LETTER[join.b]}: {found}")


def _anatomy_words() -> str:
    """Everything the anatomy picture says, for those who do not see it."""
    parts = [f"{branch_names(b).name}: {branch_names(b).plain}" for b in BRANCHES]
    text = translate("{a} and {b} joined in {percent} % of {n} dissected half faces")
    for join in communications():
        percent, n = f"{100 * join.fraction:g}", join.count.n_hemifaces
        a, b = branch_names(join.a).name, branch_names(join.b).name
        parts.append(text.format(a=a, b=b, percent=percent, n=n))
    return ". ".join(sentence(part) for part in parts) + "."


def _sides() -> str:
    found = []
    for side in SIDES:
        text = translate("The patient's {side} side").format(side=side_word(side))
        found.append(text_at((picture_x(side, 200), 66), text, "nf-side", "middle"))
    return "".join(found)


def _legend(untold: int | None) -> str:
    """Explain lines and marks below the picture; what is inferred is said in words."""
    nerve = "".join(f'<path class="nf-branch {x}" d="M0 0h44"/>' for x in ("nf-casing", "nf-core"))
    items = [(nerve, translate("facial nerve"))]
    if untold is None:
        join = '<path class="nf-join" d="M0 0h44"/>'
        items.append((join, translate("join between branches, not in every face")))
    else:
        sample = (
            '<path class="nf-high" d="M0 -11H44V11H0Z"/><path class="nf-ribbon" '
            'fill="url(#nerve-hatch)" d="M0 -6H44V6H0Z"/>'
        )
        text = translate("wrong connection, inferred: hatched, its strength; dots, its upper limit")
        command = '<circle class="nf-command" cx="30" cy="0" r="8"/>'
        items += [(command, translate("movement asked for")), (sample, text)]
    y = HEIGHT - 82
    return _legend_row(items, y) + _notes(untold, y + 38)


def _legend_row(items: Sequence[tuple[str, str]], y: float) -> str:
    widths = [GLYPH * len(text) + 86 for _, text in items]
    x = MIDDLE - (sum(widths) - 30) / 2
    found = []
    for (sample, text), width in zip(items, widths, strict=True):
        found.append(f'<g transform="translate({x:.1f} {y})">{sample}</g>')
        found.append(text_at((x + 54, y + 5), text, "nf-small", "start"))
        x += width
    return "".join(found)


def _notes(untold: int | None, y: float) -> str:
    if untold is None:
        text = translate("A drawing of standard anatomy, not of this patient; faces differ.")
        return text_at((MIDDLE, y), text, "nf-small", "middle")
    text = translate("Inferred, not measured. Percent of the healthy side's own full activation.")
    found = text_at((MIDDLE, y), text, "nf-inferred", "middle")
    if untold:
        more = translate("Further connections that cannot be told from these data: {n}.")
        found += text_at((MIDDLE, y + 27), more.format(n=untold), "nf-small", "middle")
    return found
