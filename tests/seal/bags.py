"""Bundles and bags for tests of seals."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

from auditor.bundle import open_bundle
from auditor.seal import Seals, examine, seal

FILES: Mapping[str, bytes] = {
    "111122223333/eu-west-1/cloudwatch-describe-alarms.json": b'{"MetricAlarms": []}',
    "111122223333/eu-west-1/sns-list-topics.json": b'{"Topics": []}',
    "notes.txt": b"as mailed",
}


def write(folder: Path, files: Mapping[str, bytes] = FILES) -> Path:
    """A folder of files."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def sealed(tmp_path: Path, files: Mapping[str, bytes] = FILES, name: str = "bag") -> Path:
    """A sealed folder of these files."""
    seal(write(tmp_path / f"{name}-source", files), tmp_path / name)
    return tmp_path / name


def zipped(folder: Path, top: str = "bag/") -> Path:
    """A zip of a folder beside it."""
    archive = folder.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            file.write(path, top + path.relative_to(folder).as_posix())
    return archive


def seals(path: Path) -> Seals:
    """What the bags in a bundle come to."""
    return examine(open_bundle([path]))


def differences(path: Path) -> dict[str, list[str]]:
    """Altered, missing and added files of a bundle."""
    states = seals(path)
    return {
        "altered": list(states.of_state("altered")),
        "missing": list(states.of_state("missing")),
        "added": [*states.of_state("added"), *states.outside],
    }


def own_bag(folder: Path, files: Mapping[str, bytes], algorithm: str = "sha256", version: str = "1.0") -> Path:
    """A bag without tagmanifest, written apart from the program."""
    write(folder / "data", files)
    lines = [f"{hashlib.new(algorithm, data).hexdigest()}  data/{name}\n" for name, data in files.items()]
    (folder / f"manifest-{algorithm}.txt").write_text("".join(lines), encoding="utf-8")
    declaration = f"BagIt-Version: {version}\nTag-File-Character-Encoding: UTF-8\n"
    (folder / "bagit.txt").write_text(declaration, encoding="utf-8")
    return folder


def copied(folder: Path, name: str) -> Path:
    """A copy of a folder beside it."""
    return Path(shutil.copytree(folder, folder.with_name(name)))


def record(*entries: Mapping[str, object]) -> bytes:
    """A capture record."""
    return json.dumps({"captures": entries}).encode()
