"""What vcam costs on this machine: frame by frame, in real time, and from the command on."""

from vcam.bench.clip import Clip, file_clip, scene_clip, still_clip
from vcam.bench.compare import compared
from vcam.bench.live import Live, Start, measure_live, measure_start
from vcam.bench.report import FLOOR, FRAME, STAGES, Report, table
from vcam.bench.run import measure
from vcam.bench.saved import Result, Saved
from vcam.bench.stopwatch import Cost

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
