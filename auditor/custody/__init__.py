"""Custody: that reports are unchanged, that they follow from their bundle, and both packed for the file."""

from auditor.custody.package import Packed, pack
from auditor.custody.reports import FolderState, folder_state, is_report_folder, load_result, reports_among
from auditor.custody.reproduction import Reproduction, reproduce

__all__ = [
    "FolderState",
    "Packed",
    "Reproduction",
    "folder_state",
    "is_report_folder",
    "load_result",
    "pack",
    "reports_among",
    "reproduce",
]
