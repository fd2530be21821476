"""A result as a notebook gets it: tidy tables, a matrix, its reports, and counts before rows."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from auditor.reports import USUAL_FORMATS, write_reports
from auditor.result import AuditResult as Result
from auditor.result import tables
from auditor.text import count

if TYPE_CHECKING:
    import pandas as pd


class AuditResult(Result):
    """The result of an audit. ``document`` is what ``results.json`` holds; the tables are made from it when they are
    asked for, so that changing one changes nothing else. Their columns stand in ``auditor.result.tables``.
    """

    __slots__ = ()

    @property
    def findings(self) -> pd.DataFrame:
        """One row per account and control: ``number id account_id account_name control_id variant verdict as_published
        objective broken_link reason_code reason rule cause resource regions open_points material_open_points waiver``.
        """
        return tables.FINDINGS.frame(self.document)

    @property
    def chains(self) -> pd.DataFrame:
        """One row per joined path behind a finding, with the alarm's settings as ``alarm_…``, the states of the links
        as ``link_…`` and the witness event as JSON.
        """
        return tables.CHAINS.frame(self.document)

    @property
    def open_points(self) -> pd.DataFrame:
        """One row per finding and open point: what the captures do not show, and the command that closes it."""
        return tables.OPEN_POINTS.frame(self.document)

    @property
    def evidence(self) -> pd.DataFrame:
        """One row per finding and cited place: file, JSON pointer, digest, and the excerpt as JSON."""
        return tables.EVIDENCE.frame(self.document)

    @property
    def requests(self) -> pd.DataFrame:
        """One row per export to ask the client for; ``purpose`` says whether it settles or strengthens."""
        return tables.REQUESTS.frame(self.document)

    @property
    def population(self) -> pd.DataFrame:
        """One row per account that the audit should cover, and what the bundle holds of it."""
        return tables.POPULATION.frame(self.document)

    @property
    def requirements(self) -> pd.DataFrame:
        """One row per framework and requirement, with its counts of findings."""
        return tables.REQUIREMENTS.frame(self.document)

    @property
    def causes(self) -> pd.DataFrame:
        """One row per thing that is broken or missing, with the accounts and findings that it decides."""
        return tables.CAUSES.frame(self.document)

    @property
    def claims(self) -> pd.DataFrame:
        """One row per claim of the client's scanners, with its outcome and cause. Empty if none were given."""
        return tables.CLAIMS.frame(self.document)

    @property
    def reliance(self) -> pd.DataFrame:
        """One row per scanner and control: accounts by outcome, and the advice."""
        return tables.RELIANCE.frame(self.document)

    def matrix(
        self, values: Literal["verdict", "objective", "as_published"] = "verdict", *, marks: bool = False
    ) -> pd.DataFrame:
        """Accounts × controls: index ``account_id``, one column per control, cells ``values``.

        ``marks``: a PASS with open points is ``PASS*``, with material ones ``PASS!``.
        """
        frame = self.findings
        frame["control"] = (frame["control_id"] + "@" + frame["variant"]).str.removesuffix("@default")
        cells = frame[values].astype("string")
        if marks:
            passed = frame["verdict"] == "PASS"
            cells = cells.mask(passed & (frame["open_points"] > 0), cells + "*")
            cells = cells.mask(passed & (frame["material_open_points"] > 0), frame[values].astype("string") + "!")
        order = list(dict.fromkeys(frame["control"]))
        table = frame.assign(cell=cells).pivot(index="account_id", columns="control", values="cell")
        return table[order].fillna("–")

    def write(
        self, out: str | Path, formats: Sequence[str] = USUAL_FORMATS, frameworks: Sequence[str] = ()
    ) -> list[Path]:
        """Writes the reports into a folder, as ``auditor audit --out`` does, and returns their paths.

        With ``frameworks`` those of these alone, as ``auditor report --framework``.

        Raises:
            AuditorError: an unknown format or framework, or a folder that cannot be written.
        """
        formats, frameworks = ([name] if isinstance(name, str) else name for name in (formats, frameworks))
        return write_reports(self, Path(out), formats, frameworks=frameworks)

    def __repr__(self) -> str:
        return f"<AuditResult {self._counted()}>"

    def _counted(self) -> str:
        counts = self.document["counts"]
        passed = f"{counts['passed']:,} PASS"
        if counts["open"]:
            material = f", {counts['material']:,} material" if counts["material"] else ""
            passed += f" ({counts['open']:,} with open points{material})"
        letter = counts["objective_not_letter"]
        failed = f"{counts['failed']:,} FAIL" + (f" ({letter:,} by the letter only)" if letter else "")
        findings = f"{passed}, {failed}, {counts['inconclusive']:,} INCONCLUSIVE"
        return f"{count(counts['accounts'], 'account')}, findings: {findings}"

    def _repr_html_(self) -> str:
        columns = ["cause", "verdict", "letter_only", "link", "reason", "accounts_affected", "findings_affected"]
        import pandas as pd  # noqa: PLC0415 (keeps `import auditor` quick)

        with pd.option_context("display.max_colwidth", 160):
            causes = self.causes[columns].to_html(index=False, escape=True, na_rep="–", max_rows=30, justify="left")
        return f"<p><strong>AuditResult: {html.escape(self._counted())}</strong></p>{causes}"
