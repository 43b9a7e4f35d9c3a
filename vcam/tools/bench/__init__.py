"""The benchmark: cost per frame, real-time performance, and start-up time."""

from vcam.tools.bench.clip import Clip, file_clip, scene_clip, still_clip
from vcam.tools.bench.compare import compared
from vcam.tools.bench.frame_costs import measure
from vcam.tools.bench.realtime import Live, Start, measure_live, measure_start
from vcam.tools.bench.saved import Result, Saved
from vcam.tools.bench.stopwatch import Cost
from vcam.tools.bench.table import FLOOR, FRAME, STAGES, Report, table

__all__ = [
    "FLOOR",
    "FRAME",
    "STAGES",
    "Clip",
    "Cost",
    "Live",
    "Report",
    "Result",
    "Saved",
    "Start",
    "compared",
    "file_clip",
    "measure",
    "measure_live",
    "measure_start",
    "scene_clip",
    "still_clip",
    "table",
]
