"""facewire for programs and notebooks: measure a recording, read a result, take it as tables.

Names and columns of this module stay as they are within a major version; columns may be added.
Tables are Polars frames; pandas and xarray are given where they are installed. Lengths are
millimetres, times seconds; left (L) and right (R) are the patient's own.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack, get_args

from facewire import results
from facewire.errors import UsageError
from facewire.files import read_json, sha256_of
from facewire.findings import complete
from facewire.results.cells import (
    BlinkCell,
    ClosureCell,
    LidCell,
    RestCell,
    SynkinesisCell,
    VoluntaryCell,
)
from facewire.results.document import Document, Row
from facewire.results.measurement import Measurement, RepetitionValue

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import xarray

RESULT = "result.json"
GRID = ("movement", "region", "side")

Table = Literal["cells", "voluntary", "rest", "closures", "blinks", "repetitions", "signals"]


class MoreChoices(TypedDict, total=False):
    """What else may be said to `measure`; each is an option of the command of the same name."""

    age_years: float
    iris_mm: float
    subject: str
    fitted: bool
    fast: bool
    allow_partial: bool
    face: str
    model: str | os.PathLike[str]
    other_side_treated: date | Literal["operated"]
    recorded: date
    progress: Callable[[str, float], None]


@dataclass(frozen=True)
class Result:
    """What was measured in one recording, as tables and as the typed document.

    Parameters
    ----------
    measurement : Measurement
        The result as it stands in ``result.json``, judged; its numbers come whole, as estimates.
    folder : Path, optional
        Where the files beside it lie; None where nothing was written.
    """

    measurement: Measurement
    folder: Path | None = None

    def cells(self) -> pl.DataFrame:
        """Return the synkinesis map: the involuntary part of each movement, region and side."""
        return _frame(SynkinesisCell, self.measurement.synkinesis)

    def voluntary(self) -> pl.DataFrame:
        """Return the total changes, hold minus rest, of each movement, region and side."""
        return _frame(VoluntaryCell, self.measurement.voluntary)

    def rest(self) -> pl.DataFrame:
        """Return where each region stands at rest, and its difference to the other side."""
        return _frame(RestCell, self.measurement.rest)

    def lids(self) -> pl.DataFrame:
        """Return where each eye's lids stand about its pupil at rest (MRD1 and MRD2).

        Empty for results of earlier versions.
        """
        return _frame(LidCell, self.measurement.lids)

    def closures(self) -> pl.DataFrame:
        """Return the gap that is left between the lids when the eyes are closed."""
        return _frame(ClosureCell, self.measurement.eye_closure)

    def blinks(self) -> pl.DataFrame:
        """Return what each region does while the eyes blink by themselves."""
        return _frame(BlinkCell, self.measurement.blink)

    def repetitions(self) -> pl.DataFrame:
        """Return the values of every repetition, movement, region and side: for mixed models.

        Empty for results of the first version, which held none.
        """
        return _frame(RepetitionValue, self.measurement.repetition_values)

    def signals(self) -> pl.DataFrame:
        """Return the signals over time: every channel in mm with its deviation, pose, marks.

        Raises
        ------
        UsageError
            They were not written beside the result, or are those of another measurement.
        """
        import polars as pl

        stored = self.measurement.files.signals
        path = None if stored is None or self.folder is None else self.folder / stored.path
        if stored is None or path is None or not path.is_file():
            raise UsageError(
                "This result has no signals beside it",
                expected="signals.parquet, as measuring into a folder writes it",
                found="no folder" if self.folder is None else f"none in {self.folder}",
                do="measure again with out=FOLDER",
            )
        if sha256_of(path) != stored.sha256:
            raise UsageError(
                f"The signals {path} are not those of this result",
                expected=f"SHA-256 {stored.sha256}",
                found="another file under that name",
                do="measure again with out=FOLDER",
            )
        return pl.read_parquet(path)

    def to_pandas(self, table: Table = "cells") -> pd.DataFrame:
        """Return one of the tables as a pandas frame.

        Parameters
        ----------
        table : str
            The method that gives it: ``cells``, ``voluntary``, ``rest``, ``closures``,
            ``blinks``, ``repetitions`` or ``signals``.

        Raises
        ------
        UsageError
            There is no such table, or pandas is not installed.
        """
        pd = _installed("pandas")
        return pd.DataFrame(self._table(table).to_dict(as_series=False))

    def to_xarray(self, table: Literal["cells", "voluntary"] = "cells") -> xarray.Dataset:
        """Return the numbers of a map by movement, region and side; NaN where there is none.

        Parameters
        ----------
        table : str
            ``cells`` or ``voluntary``: the other tables are no such grid.

        Raises
        ------
        UsageError
            The table is no grid, or xarray is not installed.
        """
        import numpy as np

        xr = _installed("xarray")
        if table not in ("cells", "voluntary"):
            raise UsageError(
                f"The table {table} is no grid", expected="cells or voluntary", do="use to_pandas"
            )
        frame = self._table(table)
        keys = {name: list(dict.fromkeys(frame[name])) for name in GRID}
        shape = [len(values) for values in keys.values()]
        numbers = {
            name: (GRID, np.array(frame[name].cast(float), dtype=float).reshape(shape))
            for name, kind in frame.schema.items()
            if name not in GRID and kind.is_numeric()
        }
        return xr.Dataset(numbers, coords=keys, attrs={"schema": Measurement.schema_id()})

    def _table(self, name: str) -> pl.DataFrame:
        if name not in get_args(Table):
            raise UsageError(
                "There is no such table", expected=", ".join(get_args(Table)), found=name
            )
        frame: pl.DataFrame = getattr(self, name)()
        return frame


def measure(
    video: str | os.PathLike[str],
    *,
    cues: str | os.PathLike[str] | None = None,
    mirrored: bool | None = None,
    affected: Literal["L", "R", "none"] | None = None,
    out: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
    **more: Unpack[MoreChoices],
) -> Result:
    """Measure a recording or a stored track, as `facewire measure` does.

    Parameters
    ----------
    video : path
        The recording, or a track that `facewire track` stored.
    cues : path, optional
        Cue sheet; without it movements are found and named from the signals.
    mirrored : bool, optional
        Whether the picture is mirrored. Until this is said, left and right are not confirmed.
    affected : str, optional
        ``L``, ``R`` or ``none``, the patient's own; else inferred.
    out : path, optional
        Folder for result, track, signals, pictures and report. Without it nothing is kept.
    overwrite : bool
        Replace results that are there; else they are refused.
    **more
        See `MoreChoices`: age_years, iris_mm, subject, fitted, fast, allow_partial, face, model,
        other_side_treated, recorded, progress.

    Returns
    -------
    Result

    Raises
    ------
    FacewireError
        Whatever stands in the way; the message says what, what was expected, what was found and
        what to do.
    """
    from facewire import pipeline

    _refuse_unknown(more, mirrored)
    tracking = pipeline.TrackOptions(
        model=_path(more.get("model")),
        mirrored=mirrored,
        fast=more.get("fast", False),
        allow_partial=more.get("allow_partial", False),
        face=more.get("face", "largest"),
    )
    options = pipeline.MeasureOptions(
        cues=_path(cues),
        affected=affected,
        age_years=more.get("age_years"),
        iris_mm=more.get("iris_mm"),
        subject=more.get("subject"),
        fitted=more.get("fitted", True),
        overwrite=overwrite,
        other_side_refused=_other_side_refused(Path(video), affected, more),
    )
    folder = _path(out)
    measured = pipeline.measure(Path(video), folder, None, tracking, options, more.get("progress"))
    return Result(measured, folder)


def _path(given: str | os.PathLike[str] | None) -> Path | None:
    return None if given is None else Path(given)


def _refuse_unknown(more: MoreChoices, mirrored: object) -> None:
    unknown = sorted(set(more) - set(MoreChoices.__annotations__))
    if unknown:
        raise UsageError(
            "There is no such choice",
            expected=", ".join(MoreChoices.__annotations__),
            found=", ".join(unknown),
        )
    if mirrored not in (None, True, False):
        raise UsageError(
            "It is not said whether the picture is mirrored",
            expected="mirrored=True, False or None",
            found=repr(mirrored),
        )


def _other_side_refused(video: Path, affected: str | None, more: MoreChoices) -> str:
    from facewire import pipeline

    treated, recorded = more.get("other_side_treated"), more.get("recorded")
    if treated is None:
        return ""
    if affected not in ("L", "R"):
        raise UsageError(
            "The other side was treated: the other one of which?",
            expected='affected="L" or "R" beside other_side_treated',
            found=repr(affected),
        )
    return pipeline.other_side_refused(video, treated, recorded)


def read(path: str | os.PathLike[str]) -> Result | Document:
    """Read a result, or another document of facewire, checked.

    Parameters
    ----------
    path : path
        A folder that `facewire measure --out` wrote, or a file.

    Returns
    -------
    Result or Document
        A `Result` for a measurement; else the typed document that the file's ``schema`` names.

    Raises
    ------
    UsageError
        The file cannot be read, is of no known kind, or does not fit its kind.
    """
    given = Path(path)
    file = given / RESULT if os.path.isdir(given) else given  # noqa: PTH112 - also no name at all
    values = read_json(file, "a document of facewire, or a folder with a result.json")
    schema = values.get("schema") if isinstance(values, dict) else None
    kinds = {kind.schema_id(): kind for kind in _documents()}
    if not isinstance(schema, str) or schema not in kinds:
        raise UsageError(
            f"The file {file} is of no kind that is known here",
            expected=", ".join(sorted(kinds)),
            found=f"schema {str(schema)[:80]}" if schema else "no document of facewire",
            do="give a file that facewire of this version wrote, or make it again",
        )
    document = kinds[schema].read(file)
    if isinstance(document, Measurement):
        return Result(complete(document), file.parent)
    return document


def _documents() -> list[type[Document]]:
    for module in pkgutil.iter_modules(results.__path__):
        importlib.import_module(f"{results.__name__}.{module.name}")
    return Document.__subclasses__()


def _frame(kind: type[Row], rows: Sequence[Row]) -> pl.DataFrame:
    """Return rows as a table: a column a field, typed by the field, also where all is missing."""
    import polars as pl

    columns: dict[str, Any] = {}
    for name, field in kind.model_fields.items():
        numeric = _leaves(field.annotation)
        dtype: Any = pl.String
        for python, polars_type in ((float, pl.Float64), (bool, pl.Boolean), (int, pl.Int64)):
            if python in numeric:
                dtype = polars_type
                break
        values = [getattr(row, name) for row in rows]
        if dtype is pl.String:
            values = [None if value is None else str(value) for value in values]
        columns[name] = pl.Series(name, values, dtype=dtype)
    return pl.DataFrame(columns)


def _leaves(annotation: Any) -> set[Any]:
    """Return the plain types that an annotation is made of."""
    parts = get_args(annotation)
    return set().union(*map(_leaves, parts)) if parts else {annotation} - {type(None)}


def _installed(library: str) -> Any:
    try:
        return importlib.import_module(library)
    except ImportError as error:
        raise UsageError(
            f"This needs the package {library}, which is not a part of facewire",
            do=f"pip install {library}, or take the Polars frame",
        ) from error
