"""Ledgers that units keep in Excel, brought in: read, planned, shown, and only then applied."""
