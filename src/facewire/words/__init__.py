"""Texts for people: marked, translated, and the words for movements, sides, muscles and numbers.

In: what documents hold. Out: words in the reader's language. `mark` is for a text where it is
written, `translate` for where it is shown.
"""

from facewire.words.cells import (
    VERDICT_SYMBOLS,
    cell_title,
    change_words,
    excursion_words,
    involuntary_words,
    is_signed,
    number_words,
    side_and_region,
    verdict_words,
)
from facewire.words.dates import day_words
from facewire.words.languages import language, mark, translate, use_language
from facewire.words.names import (
    COMPONENT_NAMES,
    MUSCLES,
    STATUS_TEXTS,
    cannot_tell,
    either,
    join,
    movement_name,
    muscle_words,
    region_name,
    region_term,
    sentence,
    side_region,
    side_word,
    when_you,
    your_region,
)
from facewire.words.numbers import MINUS, interval, mm, percent, plain, with_interval

__all__ = [
    "COMPONENT_NAMES",
    "MINUS",
    "MUSCLES",
    "STATUS_TEXTS",
    "VERDICT_SYMBOLS",
    "cannot_tell",
    "cell_title",
    "change_words",
    "day_words",
    "either",
    "excursion_words",
    "interval",
    "involuntary_words",
    "is_signed",
    "join",
    "language",
    "mark",
    "mm",
    "movement_name",
    "muscle_words",
    "number_words",
    "percent",
    "plain",
    "region_name",
    "region_term",
    "sentence",
    "side_and_region",
    "side_region",
    "side_word",
    "translate",
    "use_language",
    "verdict_words",
    "when_you",
    "with_interval",
    "your_region",
]
