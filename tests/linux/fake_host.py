"""A machine made of a folder and a small kernel, for tests that need video nodes."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.linux.fake_nodes import FakeNode, refuse
from vcam.devices.host import Host


class FakeKernel:
    """Nodes by number; what they say of themselves is kept in `folder` as sysfs would.

    Time passes only while somebody sleeps or waits. `later` holds what happens in each wait, the
    next thing first; without any, a wait lasts as long as it may.
    """

    def __init__(self, folder: Path, nodes: dict[int, FakeNode]) -> None:
        self.nodes = {str(folder / "dev" / f"video{n}"): node for n, node in nodes.items()}
        self.sysfs = folder / "sysfs"
        self.descriptors: dict[int, FakeNode] = {}
        self._shown: dict[str, dict[str, str]] = {}
        for path in self.nodes:
            Path(path).parent.mkdir(exist_ok=True)
            Path(path).touch()
        self.proc = folder / "proc"
        self.proc.mkdir()
        self.now = 1000.0
        self.polls = 0
        self.later: list[Callable[[], object]] = []
        self.host = Host(
            root=folder,
            dev=folder / "dev",
            sysfs=self.sysfs,
            modules=folder / "modules",
            library=folder / "lib/modules/6.1-test",
            proc=self.proc,
            open=self._open,
            close=self._close,
            write=self._write,
            ioctl=self._ioctl,
            sleep=self._sleep,
            wait=self._wait,
            clock=lambda: self.now,
            cpu=lambda: 0.0,
        )
        self.show()

    def show(self) -> None:
        """Write the nodes' attributes where sysfs shows them."""
        for path, node in self.nodes.items():
            folder = self.sysfs / Path(path).name
            folder.mkdir(parents=True, exist_ok=True)
            shown = node.attributes()
            for name in shown if shown != self._shown.get(path) else ():
                (folder / name).write_text(shown[name] + "\n")
            self._shown[path] = shown

    def install(self, index: str, release: str = "", kernel: str = "6.1-test") -> None:
        """Let a kernel have modules (as modules.dep lists them), on some distribution."""
        library = self.host.library.parent / kernel
        library.mkdir(parents=True, exist_ok=True)
        (library / "modules.dep").write_text(index)
        (self.host.root / "etc").mkdir(exist_ok=True)
        (self.host.root / "etc/os-release").write_text(release)

    def load_module(self, version: str, caps: str = "") -> None:
        """Let the module v4l2loopback be loaded; old versions do not tell theirs."""
        (self.host.modules / "v4l2loopback" / "parameters").mkdir(parents=True)
        if caps:
            parameters = self.host.modules / "v4l2loopback" / "parameters"
            (parameters / "exclusive_caps").write_text(caps + "\n")
        if version:
            (self.host.modules / "v4l2loopback" / "version").write_text(version + "\n")

    def add_process(self, pid: int, name: str, path: Path, *, streams: bool = False) -> None:
        """Let a process have a node open, and its buffers mapped where it streams."""
        (self.proc / str(pid) / "fd").mkdir(parents=True)
        (self.proc / str(pid) / "comm").write_text(name + "\n")
        (self.proc / str(pid) / "fd" / "5").symlink_to(path.resolve())
        self.map_buffers(pid, path, streams)

    def map_buffers(self, pid: int, path: Path, streams: bool) -> None:
        """Let a process that has a node open map its buffers, or unmap them."""
        mapping = f"7f00-7f05 rw-s 00000000 00:06 312  {path.resolve()}\n" * streams
        (self.proc / str(pid) / "maps").write_text(f"5500-5501 r-xp 00:01 7 /usr/bin/x\n{mapping}")

    def end_process(self, pid: int) -> None:
        """Let a process end."""
        shutil.rmtree(self.proc / str(pid))

    def _sleep(self, seconds: float) -> None:
        self.now += seconds

    def _wait(self, events: Mapping[int, int], seconds: float) -> None:
        self.polls += 1
        if self.later:
            self.now += min(seconds, 0.01)
            self.later.pop(0)()
        else:
            self.now += seconds

    def _open(self, path: str, flags: int) -> int:
        if path not in self.nodes:
            raise refuse(errno.ENOENT)
        descriptor = max(self.descriptors, default=100) + 1
        self.nodes[path].open(descriptor)
        self.descriptors[descriptor] = self.nodes[path]
        return descriptor

    def _close(self, descriptor: int) -> None:
        self.descriptors.pop(descriptor).close(descriptor)
        self.show()

    def _ioctl(self, descriptor: int, request: int, buffer: bytearray) -> None:
        try:
            self.descriptors[descriptor].ioctl(descriptor, request, buffer)
        finally:
            self.show()

    def _write(self, descriptor: int, data: memoryview) -> int:
        try:
            return self.descriptors[descriptor].write(descriptor, data)
        finally:
            self.show()
