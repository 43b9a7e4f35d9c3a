"""Chromium's view of the virtual camera, through getUserMedia."""

from __future__ import annotations

import contextlib
import http.server
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from tests.devices.harness import stop
from vcam.images.types import Image

_PAGE = """<!doctype html><video id=v autoplay muted playsinline></video><script>
const LABEL = %s, WIDTH = %d, HEIGHT = %d;
const post = (path, body) => fetch(path, {method: 'POST', body});
const tell = what => post('/say', JSON.stringify(what));
const cameras = async () => (await navigator.mediaDevices.enumerateDevices())
  .filter(d => d.kind == 'videoinput');
(async () => { try {
  const first = await navigator.mediaDevices.getUserMedia({video: true});
  first.getTracks().forEach(t => t.stop());
  const found = await cameras();
  await tell({cameras: found.map(d => d.label)});
  const id = found.find(d => d.label.startsWith(LABEL)).deviceId;
  const stream = await navigator.mediaDevices.getUserMedia(
    {video: {deviceId: {exact: id}, width: WIDTH, height: HEIGHT}});
  v.srcObject = stream;
  await v.play();
  const canvas = document.createElement('canvas');
  canvas.width = v.videoWidth; canvas.height = v.videoHeight;
  await tell({size: [v.videoWidth, v.videoHeight]});
  const context = canvas.getContext('2d', {willReadFrequently: true});
  for (;;) {
    await new Promise(done => v.requestVideoFrameCallback(done));
    context.drawImage(v, 0, 0);
    await post('/picture', context.getImageData(0, 0, canvas.width, canvas.height).data);
  }
} catch (error) { await tell({error: String(error)}); } })();
</script>"""

_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--use-fake-ui-for-media-stream",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """The browser's path, if it is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@dataclass
class Tab:
    """What the page has seen so far.

    Attributes:
        cameras: Labels of the cameras that the page may choose from.
        size: Width and height of the playing video.
        error: Why the page failed, or "".
        pictures: How many pictures it has sent.
    """

    cameras: list[str] = field(default_factory=list)
    size: tuple[int, int] = (0, 0)
    error: str = ""
    pictures: int = 0
    _newest: bytes = b""

    def take(self, path: str, body: bytes) -> None:
        """Learn what the page posted."""
        if path == "/picture":
            self._newest = body
            self.pictures += 1
            return
        said = json.loads(body)
        self.cameras = said.get("cameras", self.cameras)
        self.size = tuple(said.get("size", self.size))
        self.error = said.get("error", self.error)

    def picture(self) -> Image | None:
        """The newest picture, uint8 (h, w, 3) BGR, or None before the first."""
        assert not self.error, f"the page failed: {self.error}"
        if not self._newest:
            return None
        rgba = np.frombuffer(self._newest, np.uint8).reshape(self.size[1], self.size[0], 4)
        return np.asarray(cv2.cvtColor(rgba, cv2.COLOR_RGBA2BGR), np.uint8)


def _serve(page: bytes, tab: Tab) -> http.server.ThreadingHTTPServer:
    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page)

        def do_POST(self) -> None:
            tab.take(self.path, self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@contextlib.contextmanager
def watching(folder: Path, label: str, width: int, height: int) -> Iterator[Tab]:
    """Open a page in Chromium that plays the camera called `label`.

    Args:
        folder: Where the browser's new profile and its log go.
        label: The camera's name in the page's list.
        width: Pixels asked for.
        height: Pixels asked for.
    """
    tab = Tab()
    server = _serve((_PAGE % (json.dumps(label), width, height)).encode(), tab)
    command = [find_chromium() or "chromium", *_FLAGS, f"--user-data-dir={folder / 'profile'}"]
    address = f"http://127.0.0.1:{server.server_port}/"
    with (folder / "chromium.log").open("wb") as log:
        browser = subprocess.Popen(
            [*command, address], stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        yield tab
    finally:
        stop(browser)
        server.shutdown()
        server.server_close()
