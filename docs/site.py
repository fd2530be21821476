"""What the site of mkdocs.yml needs besides the pages of docs/: documents from elsewhere as pages, and links between
all of them as they are in the repository.
"""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
# Page of the site → document of the repository.
ELSEWHERE = {
    "index.md": "README.md",
    "contributing.md": "CONTRIBUTING.md",
    "changelog.md": "CHANGELOG.md",
    "security-policy.md": "SECURITY.md",
    "samples.md": "samples/README.md",
    "tests.md": "tests/README.md",
}
_PAGES = {document: page for page, document in ELSEWHERE.items()}
_LINK = re.compile(r"(?<=\]\()(?!https?:|mailto:|#)([^)#\s]+)(?=[)#])")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the documents from elsewhere as pages, and what is linked and is none (notebooks, schemas) as files."""
    for page, document in ELSEWHERE.items():
        files.append(File.generated(config, page, content=(ROOT / document).read_text(encoding="utf-8")))
    for file in list(files.documentation_pages()):
        for target in _LINK.findall(file.content_string):
            uri = _uri(file.src_uri, target)
            path = ROOT / uri
            if files.get_file_from_path(uri) is None and uri not in _PAGES and path.is_file():
                files.append(File.generated(config, uri, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """The text with links as the site has them."""
    return _LINK.sub(lambda match: _uri(page.file.src_uri, match[1]), markdown)


def _uri(page: str, target: str) -> str:
    """Where a link of a page leads in the site; all pages lie in its root."""
    document = ELSEWHERE.get(page, f"docs/{page}")
    path = os.path.normpath(PurePosixPath(document).parent / target).replace(os.sep, "/")
    return _PAGES.get(path, path.removeprefix("docs/"))
