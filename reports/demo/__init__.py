"""The demonstration county: 26 units, their risks, measures and reports, six months in."""

from reports.demo.clearing import clear_demo
from reports.demo.county import DEMO_ACCOUNTS, DEMO_PASSWORD
from reports.demo.loading import load_demo

__all__ = ["DEMO_ACCOUNTS", "DEMO_PASSWORD", "clear_demo", "load_demo"]
