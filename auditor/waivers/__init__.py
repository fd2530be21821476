"""Waivers: deviations that the client has accepted, read from a file and put beside the findings they cover."""

from auditor.waivers.beside import put_beside
from auditor.waivers.entry import MEMBERS, REQUIRED, WaiverEntry
from auditor.waivers.read import WaiverFile, read_waivers

__all__ = ["MEMBERS", "REQUIRED", "WaiverEntry", "WaiverFile", "put_beside", "read_waivers"]
