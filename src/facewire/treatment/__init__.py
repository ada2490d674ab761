"""Treatments as functions on a face over time, and what-if forecasts. Simulated, never measured."""

from facewire.safety.facts import PRODUCTS
from facewire.treatment.base import Treatment
from facewire.treatment.conflicts import Scheduled
from facewire.treatment.direction_only import (
    BrowLift,
    Canthoplasty,
    Facelift,
    SelectiveDenervation,
    Tarsorrhaphy,
    UpperLidWeight,
)
from facewire.treatment.forecast import forecast
from facewire.treatment.learning import learn
from facewire.treatment.measured_course import Came, Course, Key
from facewire.treatment.muscles import NAMES as MUSCLE_NAMES
from facewire.treatment.plan import TreatmentPlan, read_plan
from facewire.treatment.reanimation import CrossFaceNerveGraft, GracilisTransfer, NerveTransfer
from facewire.treatment.retraining import NeuromuscularRetraining
from facewire.treatment.simulation import Band, Simulation, simulate
from facewire.treatment.sunnybrook import estimate
from facewire.treatment.toxin import BotulinumToxin
from facewire.treatment.weakening_surgery import Cut, Myectomy, SelectiveNeurolysis

__all__ = [
    "MUSCLE_NAMES",
    "PRODUCTS",
    "Band",
    "BotulinumToxin",
    "BrowLift",
    "Came",
    "Canthoplasty",
    "Course",
    "CrossFaceNerveGraft",
    "Cut",
    "Facelift",
    "GracilisTransfer",
    "Key",
    "Myectomy",
    "NerveTransfer",
    "NeuromuscularRetraining",
    "Scheduled",
    "SelectiveDenervation",
    "SelectiveNeurolysis",
    "Simulation",
    "Tarsorrhaphy",
    "Treatment",
    "TreatmentPlan",
    "UpperLidWeight",
    "estimate",
    "forecast",
    "learn",
    "read_plan",
    "simulate",
]
