"""The clinic's settings file."""

from __future__ import annotations

from pathlib import Path

import pytest

from facewire.errors import UsageError
from facewire.report.pdf import ClinicSettings, Paper, read_clinic

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'


def settings(folder: Path, text: str) -> Path:
    path = folder / "clinic.toml"
    path.write_text(text)
    return path


def test_reads_a_letterhead(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(SVG)
    path = settings(
        tmp_path,
        '[clinic]\nname = "Clinic"\naddress = ["Street 1", "City"]\nlogo = "logo.svg"\n'
        'paper = "letter"\n',
    )
    expected = ClinicSettings("Clinic", ("Street 1", "City"), SVG.encode(), "svg", Paper.LETTER)
    assert read_clinic(path) == expected


def test_reads_whether_videos_are_kept(tmp_path: Path) -> None:
    assert not read_clinic(settings(tmp_path, "[clinic]\nkeep_video = false\n")).keep_video
    assert ClinicSettings().keep_video


def test_everything_may_be_left_out(tmp_path: Path) -> None:
    assert read_clinic(settings(tmp_path, "[clinic]\n")) == ClinicSettings()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = 1", "is not a clinic's"),
        ("[clinic", "cannot be read"),
        ("[clinic]\nname = 1", "field name"),
        ("[clinic]\nfax = '1'", "field fax"),
        ("[clinic]\naddress = ['1', '2', '3', '4', '5', '6']", "field address"),
        ("[clinic]\naddress = 5", "field address"),
        ("[clinic]\npaper = 'a5'", "field paper"),
        ("[clinic]\nkeep_video = 'no'", "field keep_video"),
        ("[clinic]\nlogo = 'none.svg'", "field logo"),
        ("[clinic]\nlogo = 'clinic.toml'", "field logo"),
    ],
)
def test_says_which_field_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_clinic(settings(tmp_path, text))


def test_a_logo_must_be_the_picture_that_its_name_says(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_text(SVG)
    with pytest.raises(UsageError, match="other content"):
        read_clinic(settings(tmp_path, "[clinic]\nlogo = 'logo.png'"))


def test_a_time_zone_is_one_that_is_known(tmp_path: Path) -> None:
    path = tmp_path / "clinic.toml"
    path.write_text('[clinic]\ntime_zone = "Pacific/Auckland"\n')
    assert read_clinic(path).time_zone == "Pacific/Auckland"
    path.write_text('[clinic]\ntime_zone = "Auckland"\n')
    with pytest.raises(UsageError, match="time_zone"):
        read_clinic(path)
