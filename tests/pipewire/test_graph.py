from __future__ import annotations

from tests.pipewire.dump import MANAGER, camera, dump, thing
from vcam.pipewire.graph import Graph, parse


def test_a_session_with_a_manager_and_the_camera_of_vcam() -> None:
    told = dump(MANAGER, camera("Desk"), camera("HD Webcam", "v4l2_input.usb"))
    assert parse(told) == Graph("1.0.5", "WirePlumber", ("Desk",))


def test_nobody_who_manages() -> None:
    told = dump(thing("Client", application__process__binary="pw-dump"), {"type": "x"})
    assert parse(told) == Graph("1.0.5", "", ())


def test_objects_that_are_just_going_have_no_properties() -> None:
    gone = {"type": "PipeWire:Interface:Node", "info": None}
    assert parse(dump(gone)) == Graph("1.0.5", "", ())


def test_no_answer_is_no_graph() -> None:
    assert parse("") is None
