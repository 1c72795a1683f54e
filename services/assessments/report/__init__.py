"""The report of one round; see `building.build`."""

from services.assessments.report.building import build, sample
from services.assessments.report.proof import verification_code, verified
from services.assessments.report.rounds import rescored
from services.assessments.report.shapes import Report

__all__ = ["Report", "build", "rescored", "sample", "verification_code", "verified"]
