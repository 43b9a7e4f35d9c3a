"""The PipeWire camera: PipeWire itself, its session manager, and whether the camera is listed."""

from __future__ import annotations

from collections.abc import Iterator

from vcam.doctor.case import Case
from vcam.doctor.findings import Finding, Level
from vcam.pipewire import graph, library, refusals

_UNSEEN = "Zoom, Discord, Slack and Teams outside the browser do not see it: docs/pipewire.md"


def pipewire(case: Case) -> Iterator[Finding]:
    """Whether programs can find vcam through PipeWire.

    Raises:
        SinkError: There is no PipeWire.
    """
    if not case.system.loads(library.NAME):
        raise refusals.not_installed()
    told = case.system.answer(graph.DUMP)
    if told is None:
        text = f"{library.NAME} is there; without the program {graph.DUMP[0]} no more can be seen"
        yield Finding("pipewire", Level.OK, text, (), _UNSEEN)
        return
    found = graph.parse(told)
    if found is None:
        raise refusals.silent(f"{graph.DUMP[0]} cannot reach it")
    yield _judged(found, case)


def _judged(found: graph.Graph, case: Case) -> Finding:
    label = case.config.output.device
    is_listed = label in found.cameras
    about = f"PipeWire {found.version}".strip()
    if not found.manager:
        text = f"{about} has no session manager: programs can list a camera but get no picture"
        command = "systemctl --user enable --now wireplumber"
        return Finding("pipewire", Level.PROBLEM, text, (command,))
    if case.status and not is_listed:
        text = f"vcam runs, but {about} lists no {label}"
        return Finding("pipewire", Level.PROBLEM, text, ("vcam restart",))
    text = f"{about} with {found.manager}, lists {label}{'' if is_listed else ' while vcam runs'}"
    return Finding("pipewire", Level.OK, text, (), _UNSEEN)
