from __future__ import annotations

import pytest

from vcam.doctor import Finding, Fix, Level
from vcam.doctor.findings_text import report, summary

WELL = Finding("camera", Level.OK, "HD Webcam")
ILL = Finding(
    "module",
    Level.PROBLEM,
    "the driver is not loaded, and more words than a narrow screen holds",
    ("sudo modprobe v4l2loopback " + "x" * 80, "vcam doctor --fix"),
    "or run `vcam start`",
    (Fix("sudo modprobe v4l2loopback", lambda system: True),),
)


def test_lines_are_aligned_and_commands_stand_alone() -> None:
    assert report([WELL, ILL]) == [
        "ok       camera  HD Webcam",
        "problem  module  the driver is not loaded, and more words than a narrow screen holds",
        "                   sudo modprobe v4l2loopback " + "x" * 80,
        "                   vcam doctor --fix",
        "                 or run `vcam start`",
    ]


def test_a_narrow_screen_wraps_words_but_no_command() -> None:
    lines = report([ILL], width=60)
    assert max(len(line) for line in lines if "xxx" not in line) <= 60
    assert sum("sudo modprobe v4l2loopback xxx" in line for line in lines) == 1


def test_only_the_level_is_coloured() -> None:
    assert (
        report([WELL], style=lambda text, colour: f"<{colour}>")[0] == "<green>  camera  HD Webcam"
    )


def test_commands_are_those_that_work_where_vcam_was_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VCAM_PROGRAM", "./scripts/vcam")
    lines = "\n".join(report([ILL]))
    assert "  ./scripts/vcam doctor --fix" in lines
    assert "or run `./scripts/vcam start`" in lines


@pytest.mark.parametrize(
    ("findings", "said"),
    [
        ([WELL], "All is well."),
        ([ILL], "1 problem, no warnings; `vcam doctor --fix` offers to mend 1 of them."),
        ([Finding("x", Level.WARNING, "")] * 2, "no problems, 2 warnings."),
    ],
)
def test_the_summary_counts(findings: list[Finding], said: str) -> None:
    assert summary(findings) == said
