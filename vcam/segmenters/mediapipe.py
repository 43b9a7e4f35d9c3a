"""MediaPipe's selfie segmentation networks."""

from __future__ import annotations

from vcam.frames import Image, Mask
from vcam.segmenters.engines import EngineName, make_engine
from vcam.shrink import shrink


class MediaPipeSegmenter:
    """A neural network that knows people; implements `Segmenter`.

    Args:
        model: "landscape", "general", or the path of a .tflite file.
        engine: What runs it.

    Raises:
        ModelError: The model file is missing, corrupt or of no use.
        PlatformError: The engine or a system library that it needs is missing.
    """

    progress = 1.0

    def __init__(self, model: str = "landscape", engine: EngineName = "auto") -> None:
        self._engine = make_engine(model, engine)

    def segment(self, image: Image, time: float) -> Mask | None:
        """Run the network on `image`, shrunk to the network's own size."""
        return self._engine.run(shrink(image, *self._engine.size))

    def reset(self) -> None:
        """Nothing to forget: the network sees each frame by itself."""

    def close(self) -> None:
        """Free the network."""
        self._engine.close()
