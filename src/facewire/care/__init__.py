"""Care: what is asked before a recording, and whom an answer leads to."""

from facewire.care.red_flags import (
    Answers,
    Guidance,
    RedFlags,
    Sign,
    Urgency,
    guide,
    red_flags,
)

__all__ = ["Answers", "Guidance", "RedFlags", "Sign", "Urgency", "guide", "red_flags"]
