"""What the recording page says and draws: movements in words, hints, the animated face."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from facewire.clinic.live.protocol import Protocol
from facewire.face import Movement
from facewire.figures.drawn_face import POSES, REST, Pose, face_shape
from facewire.words import mark, sentence, translate, when_you

DRAWINGS = 9
"""Drawings of each movement, from rest to the hold."""

HOW = {
    Movement.BROW_RAISE: mark("Lift both brows, as if surprised."),
    Movement.EYE_CLOSE_GENTLE: mark("Let both eyes fall shut, as if falling asleep."),
    Movement.EYE_CLOSE_TIGHT: mark("Press both eyes shut."),
    Movement.SMILE_CLOSED: mark("Smile with your lips together."),
    Movement.SMILE_OPEN: mark("Smile and show your teeth."),
    Movement.SNARL: mark("Wrinkle your nose, as at a bad smell."),
    Movement.LIP_PUCKER: mark("Make your lips small and round, as for a kiss."),
    Movement.LOWER_TEETH_SHOW: mark("Draw your lower lip down and show the lower teeth."),
}
EFFORTS = {
    "comfortable": mark("Comfortably, without force"),
    "full": mark("As far as you can"),
}
REST_WORDS = mark("Rest. Look at the camera, lips together, nothing to do. You may blink.")

HINTS = {
    "no_face": mark("No face is seen. Sit in front of the camera."),
    "several_faces": mark("More than one face is seen. Only you should be in the picture."),
    "cut_off": mark("Part of your face is outside the picture. Move into the frame."),
    "dark": mark("It is too dark. Put a lamp behind the camera, or face a window."),
    "bright": mark("It is too bright. Turn away from the light a little."),
    "back_light": mark("The light is behind you. Turn so that it shines on your face."),
    "far": mark("You are too far away. Come nearer."),
    "near": mark("You are too near. Move back a little."),
    "turned": mark("Your head is turned. Look straight at the camera."),
    "tilted": mark("Your head is tilted. Hold it upright."),
    "uneven": mark("One side of your face is darker. Let light come from the front."),
    "blurred": mark("The picture is not sharp. Clean the lens, and hold the camera still."),
}
ALL_GOOD = mark("The picture is good.")
DOING = {
    "asked": mark("That is it."),
    "other": mark("Only this movement. Let the rest of the face be."),
    "not_at_rest": mark("Let the face rest."),
}
AGAIN = {
    "no movement seen": mark("Once more, in your own time. It counts when you begin."),
    "it was not held": mark("Once more, and keep it until you are told to let go."),
    "a blink covers the hold": mark("A blink came in between. Once more."),
    "another movement was done than was asked": mark("Once more, this movement alone."),
}
AGAIN_OTHERWISE = mark("Not all of your face was seen. Once more, facing the camera.")

PROBLEM_WORDS = {
    "refused": mark(
        "The camera is not allowed here. Allow it in the browser's address bar, then try again."
    ),
    "none": mark("No camera is found. Connect one, then try again."),
    "busy": mark("Another program uses the camera. Close it, then try again."),
    "unsupported": mark("This browser cannot record. Use a present version of another one."),
    "ended": mark("The camera was switched off or unplugged. Connect it, then try again."),
    "lost": mark("The connection to facewire is lost. What was recorded is safe. Trying again."),
    "replaced": mark("This session was opened in another window. Close one of them."),
    "slow": mark("This computer is slow: {rate} pictures a second are sent. The result says so."),
    "hidden": mark("Paused, because the page was not in view."),
}

SAID = {
    "get_ready": mark("Get ready"),
    "now": mark("Now"),
    "hold": mark("Hold"),
    "let_go": mark("Let go"),
    "rest": mark("Rest"),
    "paused": mark("Paused"),
    "repetition": mark("{number} of {count}"),
    "seen": mark("{number} seen"),
    "all_seen": mark("{seen} of {count} seen"),
    "untold": mark("How much of it can be used is known when it is measured."),
    "goes_on": mark("Thank you, that was enough. On we go."),
    "finished": mark("All movements are done."),
    "starting": mark("Starting. This takes a few seconds."),
    "ending": mark("Thank you, that was all"),
    "follow": mark("The last pictures are measured: {percent} %. The result comes by itself."),
    "left": mark("left"),
    "right": mark("right"),
    "repeat_next": mark("This one is asked for again."),
    "resume": mark("Go on"),
    "pause": mark("Pause"),
    "minutes": mark("about {minutes} min left"),
}


def plan_document(protocol: Protocol, next_step: int) -> dict[str, Any]:
    """Return all that the page plays: steps, words, drawings.

    Parameters
    ----------
    protocol : Protocol
    next_step : int
        Where it goes on.
    """
    return {
        "name": protocol.name,
        "length_s": protocol.length_s,
        "next_step": next_step,
        "steps": [step.to_json() for step in protocol.steps],
        "movements": {str(m): _movement(m) for m in protocol.movements},
        "rest": {"how": translate(REST_WORDS), "drawing": _drawing(REST)},
        "efforts": _said(EFFORTS),
        "hints": _said(HINTS),
        "good": translate(ALL_GOOD),
        "doing": _said(DOING),
        "again": _said(AGAIN),
        "again_otherwise": translate(AGAIN_OTHERWISE),
        "problems": _said(PROBLEM_WORDS),
        "said": _said(SAID),
    }


def _said(texts: dict[str, str]) -> dict[str, str]:
    return {key: translate(text) for key, text in texts.items()}


def _movement(movement: Movement) -> dict[str, Any]:
    shares = [i / (DRAWINGS - 1) for i in range(DRAWINGS)]
    return {
        "name": sentence(when_you(movement)),
        "how": translate(HOW[movement]),
        "eyes_shut": movement in (Movement.EYE_CLOSE_GENTLE, Movement.EYE_CLOSE_TIGHT),
        "drawings": [_drawing(between(REST, POSES[movement], share)) for share in shares],
    }


def between(start: Pose, end: Pose, share: float) -> Pose:
    """Return the pose that is so far on the way from one to another; 0 to 1."""
    if share >= 1:
        return end
    values = {
        f.name: getattr(start, f.name) + share * (getattr(end, f.name) - getattr(start, f.name))
        for f in fields(Pose)
    }
    return Pose(**values)


def _drawing(pose: Pose) -> dict[str, Any]:
    return asdict(face_shape(pose))
