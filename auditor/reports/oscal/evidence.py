"""The back matter: the procedure, and each cited file with its digest."""

from __future__ import annotations

from auditor.reports.oscal.values import Json, identifier, line, properties, prose
from auditor.workpaper import STEPS, View


def resource_identifier(file: str, key: tuple[str, ...]) -> str:
    """The UUID of a cited file."""
    return identifier(*key, "file", file)


def procedure(key: tuple[str, ...]) -> dict[str, str]:
    """The test procedure as a resource; it stands for an assessment plan, which OSCAL requires."""
    steps = (f"{f'{step.attribute}. ' if step.attribute else ''}{step.title}: {step.done}" for step in STEPS)
    return {
        "uuid": identifier(*key, "procedure"),
        "title": "Test procedure",
        "description": "\n\n".join(map(prose, steps)),
    }


def resources(paper: View, key: tuple[str, ...]) -> list[Json]:
    """The files that findings cite, in the order of the evidence."""
    document = paper.document
    captures = {capture["file"]: capture for capture in document["captures"]}
    digests = {item["file"]: item["sha256"] for finding in paper.findings for item in finding["evidence"]}
    entries: list[Json] = []
    for file in sorted(digests, key=lambda file: (paper.evidence.get(file, ""), file)):
        capture = captures.get(file)
        entry: dict[str, Json] = {
            "uuid": resource_identifier(file, key),
            "title": line(file.rpartition("/")[2]),
            "rlinks": [
                {
                    "href": file,
                    "media-type": "application/json",
                    "hashes": [{"algorithm": "SHA-256", "value": digests[file]}],
                }
            ],
        }
        if capture:
            place = ", ".join(filter(None, (capture["account_id"], capture["region"], capture["resource"])))
            entry["description"] = prose(f"Answer to {capture['call']} in {place}.")
            entry["props"] = properties(
                evidence=paper.evidence.get(file),
                call=capture["call"],
                account_id=capture["account_id"],
                region=capture["region"],
                captured_at=capture["captured_at"],
            )
        entries.append(entry)
    return entries
