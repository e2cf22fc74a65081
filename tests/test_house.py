"""What the house keeps: everything there is is documented, and the drawings are of what stands."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from ocrchat.exports import FORMATS
from ocrchat.languages import LANGUAGES
from ocrchat_server.api.v1.forms import FIELDS
from ocrchat_server.config.environment import SETTINGS, Setting

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for path in (ROOT / "src").rglob("*.py") if "migrations" not in path.parts)


def _doc(name: str) -> str:
    return (ROOT / name).read_text()


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_documented(setting: Setting) -> None:
    assert f"| `{setting.name}` | " in _doc("docs/self-hosting.md")
    assert setting.meaning in _doc("docs/self-hosting.md")


def test_every_field_and_format_is_documented() -> None:
    for name in [*FIELDS, *(each.name for each in FORMATS)]:
        assert f"`{name}`" in _doc("docs/api.md"), name


def test_every_language_is_documented() -> None:
    text = _doc("docs/languages.md")
    for language in LANGUAGES:
        assert re.search(rf"`?\b{re.escape(language.code)}\b`?", text), language.code


def test_every_error_stands_in_its_tree() -> None:
    module = ast.parse(_doc("src/ocrchat/errors.py"))
    tree = ast.get_docstring(module) or ""
    for node in module.body:
        if isinstance(node, ast.ClassDef):
            assert node.name in tree


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_does(path: Path) -> None:
    source = path.read_text()
    if source.strip():
        assert ast.get_docstring(ast.parse(source)), "a one-line docstring is missing"


def test_the_architecture_shows_the_folders_that_there_are() -> None:
    text = _doc("ARCHITECTURE.md")
    drawn = text[text.index("## The tree") :]
    for package in ("ocrchat", "ocrchat_server"):
        part = drawn[drawn.index(f"src/{package}/") :]
        part = part[: part.index("\n", part.index("\nsrc/") if "\nsrc/" in part else part.index("\ntests/"))]
        shown = set(re.findall(r"^  (\w+)/", part, re.MULTILINE))
        there = {path.parent.name for path in (ROOT / "src" / package).glob("*/__init__.py")}
        assert shown == there, package


def test_the_readmes_links_lead_somewhere() -> None:
    for name in ("README.md", "SECURITY.md", "CONTRIBUTING.md"):
        for link in re.findall(r"\]\(([^)#]+)\)", _doc(name)):
            assert (ROOT / link).exists(), f"{name}: {link}"


def test_requirements_are_hashed_and_name_no_index() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = _doc(name)
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text)
        for pinned in re.split(r"\n(?=\S)", text.strip()):
            assert "==" in pinned, pinned
            assert "--hash=sha256:" in pinned, pinned
