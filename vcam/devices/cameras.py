"""The cameras of this machine, and choosing one of them."""

from __future__ import annotations

import errno
import importlib
import logging
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from vcam.devices import naming
from vcam.devices.camera import Camera, tidy
from vcam.devices.host import HOST, Host
from vcam.devices.node_errors import camera_busy, camera_gone, not_allowed
from vcam.devices.nodes import Node, list_nodes
from vcam.devices.v4l2 import Device
from vcam.errors import SourceError

logger = logging.getLogger(__name__)

__all__ = ["Camera", "check_free", "find_camera", "list_cameras", "raw_in_words", "raw_nodes"]

_PLUG_IN = "plug one in; `vcam devices` shows what there is"
_BRING_RELAY = (
    "start the relay that its maker's software brings (sudo systemctl start v4l2-relayd), or feed "
    "a v4l2loopback node of your own (gst-launch-1.0 libcamerasrc ! videoconvert ! v4l2sink "
    "device=/dev/videoN), and choose that as camera.device"
)


def list_cameras(host: Host = HOST) -> list[Camera]:
    """All cameras, the best first (`Camera.rank`), then by number."""
    found = _on_linux(host) if sys.platform == "linux" else _elsewhere()
    return sorted(found, key=lambda camera: camera.rank)


def raw_nodes(host: Host = HOST) -> list[Node]:
    """Nodes with a sensor's raw data, which are not usable cameras, as with Intel's IPU6."""
    nodes = list_nodes(host) if sys.platform == "linux" else ()
    return [node for node in nodes if _is_raw(node, host)]


def find_camera(wanted: str | int = "auto", exclude: str = "", host: Host = HOST) -> Camera:
    """The requested camera.

    Args:
        wanted: "auto" (the first that is not a virtual camera, if there is one), a number,
            a path (/dev/video2, /dev/v4l/by-id/...), or a name or part of one, as vcam or
            another program shows it (`naming.called`).
        exclude: Label or path of vcam's own virtual camera, which is never returned.
        host: The machine.

    Raises:
        SourceError: There is no such camera, there are several, or it is vcam's own.
    """
    cameras = list_cameras(host)
    own = [camera for camera in cameras if _is_own(camera, exclude)]
    others = [camera for camera in cameras if camera not in own]
    if wanted == "auto":
        if others:
            return others[0]
        raise _none_found(host)
    found = _matching(others, wanted)
    if len(found) == 1:
        return found[0]
    if found:
        paths = ", ".join(naming.paths_of(found))
        raise SourceError(
            f"camera {wanted!r} may mean {', '.join(map(str, found))}",
            f"set camera.device to the path of one of them: {paths}",
        )
    raise _refusal(wanted, others, exclude, host, is_own=bool(_matching(own, wanted)))


def check_free(camera: Camera, host: Host = HOST) -> None:
    """Find out why a camera cannot be used; OpenCV only says that it cannot.

    Raises:
        SourceError: It may not be opened, is in use, or is gone.
    """
    try:
        with Device(camera.path, host) as device:
            if not camera.is_loopback:  # v4l2loopback 0.12 upsets other readers at this call
                device.release_buffers()
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM):
            raise not_allowed(camera, SourceError) from error
        if error.errno == errno.EBUSY:
            raise camera_busy(camera, camera.path, host) from error
        if error.errno in (errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EIO):
            raise camera_gone(camera) from error
        logger.debug("%s: %s", camera, error)


def _is_own(camera: Camera, exclude: str) -> bool:
    if not exclude:
        return False
    if exclude.startswith("/"):
        return camera.path == _real(exclude)
    return camera.is_loopback and exclude in (camera.name, camera.card)


def _matching(cameras: Iterable[Camera], wanted: str | int) -> list[Camera]:
    if isinstance(wanted, int) or wanted.isdecimal():
        return [camera for camera in cameras if camera.index == int(wanted)]
    if wanted.startswith("/"):
        return [camera for camera in cameras if _real(wanted) == _real(camera.path)]
    return naming.called(cameras, wanted)


def raw_in_words(nodes: Sequence[Node]) -> str:
    """Such as "ipu6 (/dev/video0) and 7 more nodes give only a sensor's raw data"; one at least."""
    more = f" and {len(nodes) - 1} more nodes give" if len(nodes) > 1 else " gives"
    return f"{nodes[0].name} ({nodes[0].path}){more} only a sensor's raw data"


def _none_found(host: Host) -> SourceError:
    raw = raw_nodes(host)
    if not raw:
        return SourceError("no camera was found", _PLUG_IN)
    return SourceError(f"no camera was found: {raw_in_words(raw)}", _BRING_RELAY)


def _is_raw(node: Node, host: Host) -> bool:
    try:
        with Device(node.path, host) as device:
            return device.capabilities().is_raw
    except OSError as error:
        logger.debug("%s cannot be asked what it is: %s", node.path, error)
        return "IPU" in node.name and not node.is_loopback


def _refusal(
    wanted: str | int, cameras: Sequence[Camera], exclude: str, host: Host, *, is_own: bool
) -> SourceError:
    listed = ", ".join(map(str, cameras))
    cure = f"set camera.device to one of those there are ({listed}); `vcam devices` shows them"
    if not cameras:
        cure = _PLUG_IN
    node = _node_of(wanted, host)
    if is_own or (node and node.is_loopback and _real(exclude) in (node.name, node.path)):
        return SourceError(f"camera {wanted!r} is vcam's own virtual camera, its output", cure)
    if node and node.is_loopback:
        return SourceError(
            f"no program feeds the virtual camera {node.name} ({node.path})",
            f"start that program first, or {cure}",
        )
    if node and _is_raw(node, host):
        relays = [camera for camera in cameras if camera.is_loopback]
        return SourceError(raw_in_words([node]), cure if relays else _BRING_RELAY)
    if node:
        return SourceError(f"{node.path} ({node.name}) gives no pictures", cure)
    return SourceError(f"camera {wanted!r} was not found", cure)


def _node_of(wanted: str | int, host: Host) -> Node | None:
    """The requested video node, camera or not."""
    for node in list_nodes(host) if sys.platform == "linux" else ():
        if str(wanted) in (str(node.number), node.name) or _real(str(wanted)) == node.path:
            return node
    return None


def _real(path: str) -> str:
    return str(Path(path).resolve()) if path.startswith("/") else path


def _on_linux(host: Host) -> list[Camera]:
    links = _stable_links(host)
    return [
        camera
        for node in list_nodes(host)
        if (camera := _camera(node, links.get(node.path, ()), host))
    ]


def _camera(node: Node, links: tuple[str, ...], host: Host) -> Camera | None:
    """The camera of a node; None if the node captures no pictures."""
    name = (node.name if node.is_loopback else tidy(node.name)) or node.path
    try:
        with Device(node.path, host) as device:
            answer = device.capabilities()
            if not answer.can_capture:
                return None
            modes = device.modes()
    except OSError as error:
        logger.debug("%s cannot be asked what it is: %s", node.path, error)
        if node.part > 0 or node.is_loopback or _is_raw(node, host):  # most likely metadata,
            return None  # or nobody feeds it
        return Camera(name, node.path, node.number, links=links, card=node.name)
    return Camera(
        name,
        node.path,
        node.number,
        answer.driver,
        node.is_loopback,
        links,
        modes,
        answer.card,
        answer.bus,
    )


def _stable_links(host: Host) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for folder in (host.dev / "v4l/by-id", host.dev / "v4l/by-path"):
        for link in sorted(folder.iterdir()) if folder.is_dir() else ():
            path = str(link.resolve())
            found[path] = (*found.get(path, ()), str(link))
    return found


def _elsewhere() -> list[Camera]:
    """Cameras of Windows and macOS, by the backend that OpenCV opens them with."""
    import cv2

    backend = cv2.CAP_DSHOW if sys.platform == "win32" else cv2.CAP_AVFOUNDATION
    try:
        enumerate_cameras = importlib.import_module("cv2_enumerate_cameras").enumerate_cameras
    except ImportError as error:
        raise SourceError(
            f"cameras cannot be listed ({error})", "type pip install cv2-enumerate-cameras"
        ) from error
    return [
        Camera(
            info.name,
            info.path or str(info.index),
            info.index,
            is_loopback="virtual" in info.name.lower(),
        )
        for info in enumerate_cameras(backend)
    ]
