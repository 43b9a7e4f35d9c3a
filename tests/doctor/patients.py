"""A machine that is well, and ways to make it ill."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.linux.fake_host import FakeKernel
from tests.linux.fake_nodes import FakeLoopback, FakeNode
from vcam.doctor import Case, Finding, Level, System, examine

MODES: dict[str, Sequence[tuple[int, ...]]] = {
    "YUYV": [(640, 480), (1280, 720)],
    "MJPG": [(1280, 720)],
}
INSTALLED = "updates/dkms/v4l2loopback.ko.xz: videodev.ko\n"


def webcam() -> FakeNode:
    return FakeNode("HD Webcam", sizes=MODES)


@dataclass
class Patient:
    """A fake machine; change what is wrong with it before it is examined.

    `answers` are what commands say (a command without one cannot be run), `ran` is what the
    doctor did.
    """

    folder: Path
    nodes: dict[int, FakeNode] = field(
        default_factory=lambda: {0: webcam(), 10: FakeLoopback(new=True)}
    )
    driver: str | None = "0.15.0"
    release: str = 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n'
    index: str = INSTALLED
    config: str = "background: {type: color}\n"
    platform: str = "linux"
    answers: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=lambda: {"DISPLAY": ":0"})
    packages: dict[str, str] = field(
        default_factory=lambda: {"mediapipe": "0.10.33", "opencv-contrib-python": "5.0.0.93"}
    )
    lacking: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=lambda: {"video"})
    joined: set[str] = field(default_factory=lambda: {"video"})
    group: str = "video"
    registered: set[str] = field(default_factory=set)
    status: dict[str, Any] | None = None
    is_root: bool = False
    ran: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.kernel = FakeKernel(self.folder, self.nodes)
        self.write("etc/modules-load.d/vcam.conf", "v4l2loopback\n")

    def write(self, path: str, content: str | bytes = "") -> Path:
        """Put a file below the machine's root."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def examine(self) -> list[Finding]:
        """What the doctor says."""
        return examine(Case(self.system(), self.settings(), lambda _: self.status))

    def system(self) -> System:
        """What the doctor asks, and what it may do."""
        self.kernel.install(self.index, self.release)
        if self.driver is not None and not self.kernel.host.modules.exists():
            self.kernel.load_module(self.driver)
        return System(
            host=self.kernel.host,
            platform=self.platform,
            environment=self.environment,
            home=self.folder / "home",
            answer=lambda command: self.answers.get(shlex.join(command)),
            run=self._run,
            loads=lambda library: library not in self.lacking,
            has_native_half=lambda: "native half" not in self.lacking,
            packages=lambda: self.packages,
            is_registered=lambda key: key in self.registered,
            groups=lambda: frozenset(self.groups),
            joined=lambda: frozenset(self.joined),
            shared_with=lambda path: self.group,
            is_root=lambda: self.is_root,
        )

    def settings(self) -> Path:
        """Its YAML file."""
        return self.write("vcam.yaml", self.config)

    def _run(self, command: Sequence[str]) -> bool:
        self.ran.append(shlex.join(command))
        return True

    def node(self, number: int) -> Path:
        """The path of a video node."""
        return self.folder / "dev" / f"video{number}"

    def finding(self, link: str, level: Level = Level.PROBLEM) -> Finding:
        """The one finding of a link that is not well; fails where there are more or fewer."""
        found = [finding for finding in self.examine() if finding.link == link]
        unwell = [finding for finding in found if finding.level is level]
        assert len(unwell) == 1, found
        return unwell[0]

    def lines(self, link: str) -> list[str]:
        """The texts of a link."""
        return [finding.text for finding in self.examine() if finding.link == link]


def unread(node: FakeNode, number: int) -> FakeNode:
    """A node that refuses to be opened."""
    return replace(node, refusals={"open": number})
