"""Reading a report: a `Document` in, a `Reading` of frozen facts out. No files, no database."""

from __future__ import annotations

from reports.extraction.facts import Known, Reading
from reports.extraction.reader import read

__all__ = ["Known", "Reading", "read"]
