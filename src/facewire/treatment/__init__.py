"""Treatments as functions on a face over time, and what-if forecasts. Simulated, never measured."""

from facewire.treatment.base import Treatment
from facewire.treatment.conflicts import Scheduled
from facewire.treatment.cross_face_graft import CrossFaceNerveGraft
from facewire.treatment.denervation import SelectiveDenervation
from facewire.treatment.eyelid import Canthoplasty, Tarsorrhaphy, UpperLidWeight
from facewire.treatment.forecast import forecast
from facewire.treatment.gracilis import GracilisTransfer
from facewire.treatment.lifts import BrowLift, Facelift
from facewire.treatment.muscles import NAMES as MUSCLE_NAMES
from facewire.treatment.myectomy import Myectomy
from facewire.treatment.neurolysis import Cut, SelectiveNeurolysis
from facewire.treatment.plan import TreatmentPlan, schedule
from facewire.treatment.plan_file import read_plan
from facewire.treatment.retraining import NeuromuscularRetraining
from facewire.treatment.simulation import Band, Simulation, simulate
from facewire.treatment.sunnybrook import estimate
from facewire.treatment.toxin import PRODUCTS, BotulinumToxin

__all__ = [
    "MUSCLE_NAMES",
    "PRODUCTS",
    "Band",
    "BotulinumToxin",
    "BrowLift",
    "Canthoplasty",
    "CrossFaceNerveGraft",
    "Cut",
    "Facelift",
    "GracilisTransfer",
    "Myectomy",
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
    "read_plan",
    "schedule",
    "simulate",
]
