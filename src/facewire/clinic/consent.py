"""Consent for each purpose: the wording and its version."""

from __future__ import annotations

from dataclasses import dataclass

from facewire.words import mark


@dataclass(frozen=True)
class Wording:
    """What a person agrees to.

    Parameters
    ----------
    version : str
        Kept with every answer; changes when a word changes.
    title, text, without : str
        The purpose, what is agreed to, and what happens without it or after withdrawing it.
    """

    version: str
    title: str
    text: str
    without: str


WORDINGS = {
    "care": Wording(
        "care/1",
        mark("My care"),
        mark(
            "Video of my face is recorded and measured, and the measurements are kept in my "
            "record here, so that the people who treat me see how my face moves and what helps."
        ),
        mark(
            "Without it nothing new is recorded or measured. What is in the record stays there, "
            "as the law asks of a clinic; ask the clinic if you want it erased."
        ),
    ),
    "outcomes_gallery": Wording(
        "outcomes_gallery/1",
        mark("Before and after pictures"),
        mark(
            "Pictures and videos of my face before and after treatment, and the measured change, "
            "may be shown to other patients and to professionals. My name is not shown. "
            "Somebody who knows me may recognise me."
        ),
        mark("Without it nobody is shown them. My care is the same."),
    ),
    "research": Wording(
        "research/1",
        mark("Research"),
        mark(
            "Measurements from my record may be used for research without my name. "
            "Pictures and videos of my face are not given away for it."
        ),
        mark("Without it my measurements are left out of research. My care is the same."),
    ),
}
