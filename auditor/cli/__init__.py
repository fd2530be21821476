"""The command line: one small module per command, loaded when it is called."""

from __future__ import annotations

from auditor.cli.process import main

__all__ = ["main"]
