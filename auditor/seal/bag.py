"""One bag held against its own manifests: the state of every file, and each fault in one line."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from auditor.errors import Problem
from auditor.seal.files import DECLARATION, FETCH, INFO, SIGNATURE_SUFFIX, StoredFile
from auditor.seal.manifest import MANIFEST_NAME, PAYLOAD, Manifest, algorithm_of, read_manifest
from auditor.seal.tags import Declaration, read_declaration, read_info, tag_text
from auditor.text import count, one_line, position

# sealed: as the manifests say. unproved: only manifests that were changed themselves, or cannot be read, say so.
FileState = Literal["sealed", "unproved", "altered", "missing", "added"]
# Codes of problems of one path of a bundle, whose file was not read.
UNREAD = frozenset(
    ("not-a-file", "encrypted", "member-too-large", "zip-method", "damaged-member", "unreadable-file", "duplicate-name")
)
_REMEDY = "Ask for the bag as it was sealed."


@dataclass(frozen=True, slots=True)
class Bag:
    """A bag. ``root`` is its folder in the bundle (``""`` or ending in ``/``); ``states`` are by path in the bundle.

    ``tags`` are its files outside ``data/``; ``intact``: the tag files that a tagmanifest proves, or that no
    tagmanifest is there to prove. ``info`` are the labels and values of ``bag-info.txt``.
    """

    root: str
    states: Mapping[str, FileState]
    tags: frozenset[str]
    problems: tuple[Problem, ...]
    info: tuple[tuple[str, str], ...]
    algorithms: tuple[str, ...]
    has_tagmanifest: bool

    @property
    def ok(self) -> bool:
        """Whether it is valid, and holds nothing that its manifests do not list."""
        return not any(problem.severity == "error" for problem in self.problems) and set(self.states.values()) <= {
            "sealed"
        }

    @property
    def payload(self) -> int:
        """Number of files under ``data/`` that are there."""
        return sum(path not in self.tags and state != "missing" for path, state in self.states.items())

    def of_state(self, state: FileState) -> tuple[str, ...]:
        """The paths of this state, in order."""
        return tuple(sorted(path for path, own in self.states.items() if own == state))


def read_bag(root: str, files: Mapping[str, StoredFile], unread: Iterable[Problem] = ()) -> Bag:
    """The bag of the folder ``root``; ``files`` are its files by path relative to it, ``unread`` what could not be read
    of it.
    """
    return _Reading(root, files, tuple(unread)).bag()


class _Reading:
    """What is learnt of a bag while it is read."""

    def __init__(self, root: str, files: Mapping[str, StoredFile], unread: tuple[Problem, ...]) -> None:
        self.root = root
        self.files = files
        self.problems = list(unread)
        self.states: dict[str, FileState] = {}
        self.normal = {unicodedata.normalize("NFC", path): path for path in files}

    def bag(self) -> Bag:
        declaration = self._declaration()
        payload, tagmanifests = self._manifests(declaration)
        self._tags(tagmanifests)
        self._payload(payload, declaration)
        info = self._info(declaration)
        self._unreadable()
        self._other_faults(payload)
        return Bag(
            root=self.root,
            states={self.root + path: state for path, state in self.states.items()},
            tags=frozenset(self.root + path for path in self.states if not path.startswith(PAYLOAD)),
            problems=tuple(self.problems),
            info=info,
            algorithms=tuple(manifest.algorithm for manifest in payload),
            has_tagmanifest=bool(tagmanifests),
        )

    def _declaration(self) -> Declaration:
        stored = self.files.get(DECLARATION)
        if stored is None or stored.text is None:
            self.states[DECLARATION] = "missing"
            return Declaration((1, 0), "utf-8")
        declaration, faults = read_declaration(stored.text)
        self._complain(DECLARATION, *faults)
        return declaration

    def _manifests(self, declaration: Declaration) -> tuple[list[Manifest], list[Manifest]]:
        payload: list[Manifest] = []
        tags: list[Manifest] = []
        for name in sorted(self.files):
            named = MANIFEST_NAME.fullmatch(name)
            stored = self.files[name]
            if named is None or stored.text is None:
                continue
            if not algorithm_of(name):
                self._complain(name, f"is of an algorithm that is not known here: {one_line(named['algorithm'], 40)}.")
                continue
            text, fault = tag_text(stored.text, declaration.encoding)
            if fault:
                self._complain(name, fault)
            manifest = read_manifest(name, self.root + name, text, declaration.version >= (1, 0))
            if not named["tag"] and not fault:
                manifest = self._outside_payload(manifest)
            self.problems += manifest.problems
            (tags if named["tag"] else payload).append(manifest)
        return payload, tags

    def _outside_payload(self, manifest: Manifest) -> Manifest:
        """A payload manifest without what is no payload, which is its fault."""
        strange = [path for path in manifest.digests if not path.startswith(PAYLOAD)]
        for path in strange:
            self._complain(manifest.name, f"lists {one_line(path, 200)}, which does not lie under {PAYLOAD}.")
        if not strange:
            return manifest
        digests = {path: digest for path, digest in manifest.digests.items() if path.startswith(PAYLOAD)}
        return Manifest(manifest.name, manifest.algorithm, digests, manifest.problems)

    def _tags(self, tagmanifests: list[Manifest]) -> None:
        """The states of the files outside ``data/``: without any tagmanifest nothing speaks for or against them."""
        own = {manifest.name for manifest in tagmanifests}
        outside = {path for path in self.files if not path.startswith(PAYLOAD)}
        listed = {self._actual(path) for manifest in tagmanifests for path in manifest.digests}
        for path in sorted((outside | listed) - own):
            if path not in self.files:
                self.states[path] = "missing"
            elif path in listed:
                self.states[path] = self._agrees(path, tagmanifests)
            elif path.removesuffix(SIGNATURE_SUFFIX) in own:
                self.states[path] = "sealed"  # it seals the tagmanifest; `--public-key` checks it
            elif tagmanifests or not self._of_the_format(path):
                self.states[path] = "added"
            else:
                self.states[path] = "sealed"
        for path in own:
            self.states[path] = "sealed"

    @staticmethod
    def _of_the_format(path: str) -> bool:
        return path in (DECLARATION, INFO, "captures.json") or bool(MANIFEST_NAME.fullmatch(path))

    def _agrees(self, path: str, manifests: Iterable[Manifest]) -> FileState:
        return "altered" if any(self._differs(path, manifest) for manifest in manifests) else "sealed"

    def _differs(self, path: str, manifest: Manifest) -> bool:
        listed = self._listed(path, manifest)
        return listed is not None and self.files[path].digests[manifest.algorithm] != listed

    def _listed(self, path: str, manifest: Manifest) -> str | None:
        """The digest that a manifest has for a file; names are compared as text, however they are composed."""
        digest = manifest.digests.get(path)
        if digest is None and not path.isascii():
            for form in ("NFC", "NFD"):
                digest = digest or manifest.digests.get(unicodedata.normalize(form, path))
        return digest

    def _actual(self, path: str) -> str:
        """The path of the file that a manifest means."""
        return path if path in self.files else self.normal.get(unicodedata.normalize("NFC", path), path)

    def _payload(self, manifests: list[Manifest], declaration: Declaration) -> None:
        intact = [manifest for manifest in manifests if self._intact(manifest)]
        listed = {self._actual(path) for manifest in manifests for path in manifest.digests}
        present = {path for path in self.files if path.startswith(PAYLOAD)}
        for path in sorted(present | listed):
            if path not in present:
                self.states[path] = "missing"
            elif path not in listed:
                self.states[path] = "added" if manifests else "unproved"
            elif self._agrees(path, manifests) == "altered":
                self.states[path] = "altered"
            else:
                proved = any(self._listed(path, manifest) is not None for manifest in intact)
                self.states[path] = "sealed" if proved else "unproved"
        if declaration.version >= (1, 0):
            for manifest in manifests:
                self._complain(manifest.name, *self._unlisted(manifest, listed & present))

    def _unreadable(self) -> None:
        """What lies in the bag and is no file that could be read (a link, an encrypted entry) was added, or it is
        listed and missing.
        """
        for problem in self.problems:
            path = problem.file.removeprefix(self.root)
            if problem.code in UNREAD and path:
                self.states.setdefault(path, "added")

    def _unlisted(self, manifest: Manifest, paths: Iterable[str]) -> Iterator[str]:
        """Every manifest of version 1.0 lists every file of the payload (RFC 8493, 2.1.3)."""
        for path in sorted(paths):
            if self._listed(path, manifest) is None:
                yield f"does not list {one_line(path, 200)}, which another manifest lists."

    def _intact(self, manifest: Manifest) -> bool:
        return self.states.get(manifest.name) == "sealed" and not manifest.problems

    def _info(self, declaration: Declaration) -> tuple[tuple[str, str], ...]:
        stored = self.files.get(INFO)
        if stored is None or stored.text is None:
            return ()
        text, fault = tag_text(stored.text, declaration.encoding)
        if fault:
            self._complain(INFO, fault)
        info = read_info(text)
        for label, value in info:
            if label.lower() == "payload-oxum":
                self._oxum(value.strip())
        return info

    def _oxum(self, value: str) -> None:
        payload = [stored.size for path, stored in self.files.items() if path.startswith(PAYLOAD)]
        counted = f"{sum(payload)}.{len(payload)}"
        if value != counted:
            octets, streams = (position(part) for part in (*value.split(".", 1), "")[:2])  # RFC 8493, 2.2.2
            says = f"Payload-Oxum says {one_line(value, 60)}"
            if octets is not None and streams is not None:
                says = f"Payload-Oxum says {count(streams, 'file')} of {octets:,} bytes"
            self._complain(INFO, f"{says}, and there are {count(len(payload), 'file')} of {sum(payload):,} bytes.")

    def _other_faults(self, payload: list[Manifest]) -> None:
        if FETCH in self.files:
            says = "lists files to be downloaded, which is never done: what is not in the bag is missing."
            self._complain(FETCH, says, remedy="Ask for the bag with all its files.")
        if not payload:
            says = "the bag has no manifest of its payload, so that nothing proves it."
            self._complain("", says)
        unproved = sum(state == "unproved" for state in self.states.values())
        if payload and unproved:
            says = f"{count(unproved, 'file')} of the payload can be proved by no manifest that is itself unchanged."
            self._complain("", says)
        elif payload and all(manifest.algorithm in ("md5", "sha1") for manifest in payload):
            says = "only MD5 or SHA-1 digests prove the payload: they show accidents, and no forgery."
            remedy = "Ask for a bag with SHA-256 or SHA-512."
            self.problems.append(Problem(self.root.rstrip("/"), "", says, remedy, "weak-digest", "note"))

    def _complain(self, name: str, *says: str, remedy: str = _REMEDY) -> None:
        file = (self.root + name).rstrip("/")
        self.problems += [Problem(file, "", sentence, remedy, "seal") for sentence in says]
