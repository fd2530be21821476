"""One sealed archive for the file: cover letter, reports, and the evidence that they follow from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from auditor.audit_options import AuditOptions
from auditor.bundle import Member, open_bundle, shown_path
from auditor.custody.letter import Content, letter
from auditor.custody.reports import RESULT, check_origin, folder_state, load_result
from auditor.custody.reproduction import located_in
from auditor.documents import read_bytes
from auditor.engagement.facts import read_engagement
from auditor.errors import AuditorError
from auditor.redaction import RedactionKey, redacted
from auditor.reports import Rendered, formats_of, rendered
from auditor.reports.digest import DIGEST, digest_lines
from auditor.result import AuditResult
from auditor.seal import BagWriter, bag_at
from auditor.seal.signature import fingerprint, private_key
from auditor.text import listing, path_name

REPORTS, EVIDENCE, INPUTS, LETTER = "data/reports/", "data/evidence/", "data/inputs/", "data/letter.html"
_LARGEST = 2 << 30  # of one file; what is larger is left to other means
_TOO_LARGE = "Give the evidence by another way, and pack --without-evidence."


@dataclass(frozen=True, slots=True)
class Packed:
    """A package that was written. ``left_out`` says in words what is not in it."""

    path: Path
    sha256: str
    files: int
    bytes: int
    left_out: tuple[str, ...]
    fingerprint: str  # of the public key that fits the signature, "" if it is not signed


def pack(
    folder: Path,
    bundles: tuple[Path, ...],
    out: Path,
    *,
    evidence: bool = True,
    redaction: RedactionKey | None = None,
    folders: Iterable[Path] = (),
    key: Path | None = None,
) -> Packed:
    """Packs a report folder and the bundle that its result was made from into a sealed zip, ``out``.

    Without ``evidence`` the digests of its files stand for it. ``redaction`` replaces subscribers in the reports, and
    leaves the evidence, which names them, out. Files that the audit was given are taken from ``folders``.

    Raises:
        AuditorError: a report is not as the audit wrote it, or the result was not made from the bundle.
    """
    signer = None if key is None else private_key(key)
    result = load_result(folder)
    state = folder_state(folder)
    if differing := [*state.altered, *state.missing]:
        raise AuditorError(
            f"is not as the audit wrote it, by {DIGEST}: {listing(differing, limit=3)}.",
            file=str(folder),
            remedy="Write the reports again (auditor report REPORT-DIR), or audit again.",
            code="altered-reports",
        )
    check_origin(result, bundles)
    left_out = [f"{name}, which {DIGEST} does not list" for name in state.added]
    shown = result if redaction is None or "redaction" in result.document else redacted(result, redaction)
    whole = evidence and "redaction" not in shown.document
    with bag_at(out) as sink:
        bag = BagWriter(sink, signer)
        contents = [_reports(bag, folder, state.listed, result, shown)]
        contents += [_evidence(bag, path) if whole else _digests(bag, path) for path in bundles]
        if whole:
            contents += _inputs(bag, result, list(folders), left_out)
        bag.add(LETTER, letter(shown, contents, evidence=whole))
        engagement = shown.document["engagement"]
        bag.close(
            [
                (
                    "External-Description",
                    "Reports of an audit of log alerting, with the evidence that they follow from",
                ),
                *([("Bag-Group-Identifier", engagement["engagement"])] if engagement else []),
                ("External-Identifier", out.stem),
                ("Evidence-SHA256", shown.document["bundle"]["sha256"]),
            ]
        )
    with out.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    printed = fingerprint(signer.public_key()) if signer else ""
    return Packed(out, digest, bag.files, bag.bytes, tuple(left_out), printed)


def _reports(bag: BagWriter, folder: Path, listed: dict[str, str], result: AuditResult, shown: AuditResult) -> Content:
    """The reports as they are, or made again from the redacted result, in the same formats."""
    if shown is result:
        files: Iterable[Rendered] = ((name, _read(folder / name)) for name in sorted(listed))
    else:
        files = ((name, data) for name, data in rendered(shown, formats_of(listed)) if name in listed)
    digests = {}
    for name, data in files:
        digests[name] = hashlib.sha256(data).hexdigest()
        bag.add(REPORTS + name, data)
    bag.add(REPORTS + DIGEST, digest_lines(digests))
    words = "Reports and their result, results.json, from which each of them can be made again"
    return Content("reports/", words, len(digests) + 1, digests[RESULT], "results.json")


def _evidence(bag: BagWriter, path: Path) -> Content:
    """The bundle as it was audited: an archive as it is, a folder file by file."""
    name = path_name(path)
    digest = open_bundle([path]).sha256
    if path.is_file():
        bag.add(EVIDENCE + name, _read(path))
        return Content(f"evidence/{name}", "The evidence, as the client sent it", 1, digest, "the archive")
    number = 0
    for member in _stored(path):
        data = member.data or (_read(path / member.path) if member.size else b"")
        bag.add(f"{EVIDENCE}{name}/{member.path}", data)
        number += 1
    words = "The evidence, as the client sent it"
    return Content(f"evidence/{name}/", words, number, digest, "its sorted lines “SHA-256  path”")


def _stored(path: Path) -> Iterator[Member]:
    """The files of a folder as they are stored, archives unopened."""
    archives: list[str] = []
    for item in open_bundle([path]).as_stored(("sha256",)).read():
        if isinstance(item, Member) and not any(item.path.startswith(f"{archive}/") for archive in archives):
            if item.size and not item.data:
                archives.append(item.path)
            yield item


def _digests(bag: BagWriter, path: Path) -> Content:
    """The list of the bundle's files with their digests: what the bundle's own digest is made of."""
    name = path_name(path)
    digest = open_bundle([path]).sha256
    if path.is_file():
        lines = [f"{digest}  {name}\n"]
    else:
        lines = sorted(f"{member.sha256}  {shown_path(member.path)}\n" for member in _stored(path))
    bag.add(f"{EVIDENCE}{name}.sha256", "".join(lines).encode())
    words = "The digests of the evidence; its files are not in this package"
    return Content(f"evidence/{name}.sha256", words, 1, digest, "the evidence")


def _inputs(bag: BagWriter, result: AuditResult, folders: list[Path], left_out: list[str]) -> list[Content]:
    """The files that the audit was given beside the bundle, as far as they are found."""
    number = 0
    options = AuditOptions.recorded(result.document["options"].get("command_line") or "auditor audit")
    for path in options.files():
        try:
            located = located_in(path, folders)
        except AuditorError:
            left_out.append(f"{path.name}, which the audit was given and which was not found (--files)")
            continue
        files = [located]
        if path == options.engagement:
            facts = read_engagement(located)
            files += [given_path for given_path in (facts.scope, facts.waivers) if given_path is not None]
        for file in (inner for given_path in files for inner in _files_in(given_path)):
            inside = file.is_relative_to(located.parent)
            bag.add(INPUTS + (file.relative_to(located.parent).as_posix() if inside else file.name), _read(file))
            number += 1
    return [Content("inputs/", "What the audit was given beside the evidence", number, "", "")] if number else []


def _files_in(path: Path) -> list[Path]:
    return sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]


def _read(path: Path) -> bytes:
    return read_bytes(path, _LARGEST, _TOO_LARGE)
