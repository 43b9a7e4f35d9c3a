"""Checks of every link between the camera and the apps, with a fix for each problem."""

from vcam.doctor.card_trial import CardTrial
from vcam.doctor.case import Case
from vcam.doctor.chain import examine
from vcam.doctor.findings import Finding, Fix, Level
from vcam.doctor.system import System

__all__ = ["CardTrial", "Case", "Finding", "Fix", "Level", "System", "examine"]
