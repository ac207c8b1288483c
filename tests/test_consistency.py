"""What holds for the whole repository: templates, models, styles and scripts."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.staticfiles import finders
from django.db import models
from django.template import Template
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("config", "reports", "riskregistry", "accounts")
SOURCES = sorted(
    path for room in ROOMS for path in (ROOT / room).rglob("*.py") if path.parent.name != "migrations"
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static").rglob("*.css"))
SCRIPTS = sorted((ROOT / "static").rglob("*.js"))
OUR_MODELS = [
    model
    for model in apps.get_models()
    if model._meta.app_label in ROOMS and not model.__name__.startswith("Historical")
]

# Found by Django itself, by their names.
NAMED_BY_DJANGO = {"500.html", "admin/base_site.html", "admin/index.html", "admin/change_form.html"}

# Relations that do not hold the other row back, and why.
NOT_RESTRICTED = {
    "accounts.UnitAlias.unit": "a spelling of the unit, nothing of its own",
    "riskregistry.NoneDeclaration.participation": "a part of the participation",
    "riskregistry.Requirement.campaign": "a part of the campaign",
    "riskregistry.Submission.participation": "a part of the participation",
    "riskregistry.LateChange.submission": "a part of the submission",
    "riskregistry.ColumnMapping.unit": "how the unit names its columns, nothing of its own",
    "riskregistry.SavedFilter.user": "a person's own convenience",
    "riskregistry.Notice.user": "a line for one person",
    "reports.Figure.report": "a part of the report",
    "reports.Statement.report": "a part of the report",
    "reports.Discrepancy.report": "a part of the report",
    "reports.Statement.participation": "the statement outlives what was made of it",
    "reports.Statement.measure": "the statement outlives what was made of it",
}

# Bulk writing that leaves no gap in any history: (file, what it is called on begins with) → why.
BULK_WITHOUT_HISTORY = {
    ("accounts/merging.py", "source.aliases"): "UnitAlias has no history",
    ("accounts/merging.py", "unit.aliases"): "UnitAlias has no history",
    ("reports/acceptance.py", "locked.figures"): "Figure has no history, its decision is stamped",
    ("reports/acceptance.py", "locked.statements"): "Statement has no history, its decision is stamped",
    ("reports/register_writer.py", "report.figures"): "Figure has no history",
    ("reports/demo/history.py", "model._default_manager"): "writes the history of the past itself",
    ("reports/demo/history.py", "history.objects"): "is that history",
    ("reports/demo/history.py", "type(rows[0])._default_manager"): "writes the history of the past itself",
    ("reports/demo/rectification.py", "linked.objects"): "a link between two rows, which has no history",
    ("reports/demo/rectification.py", "helping.objects"): "a link between two rows, which has no history",
    ("riskregistry/imports/apply.py", "through.objects"): "a link between two rows, which has no history",
    ("riskregistry/imports/apply.py", "manager"): "is the history of the rows that go",
    ("riskregistry/receivers.py", "helping"): "a link between two rows, which has no history",
    ("riskregistry/models/text_pairs.py", "super()"): "what the bulk calls of simple_history come down to",
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines_with(paths: list[Path], pattern: str) -> list[str]:
    """place: line, for every line in which the pattern occurs."""
    wanted = re.compile(pattern)
    return [
        f"{name_of(path)}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if wanted.search(line)
    ]


def without_comments(text: str) -> str:
    """A style or script without /* */ and // comments, line numbers kept."""
    text = re.sub(r"/\*.*?\*/", lambda found: "\n" * found[0].count("\n"), text, flags=re.S)
    return re.sub(r"(?m)(^|\s)//.*$", "", text)


# Templates


def test_every_template_is_used():
    said = "".join(path.read_text() for path in [*SOURCES, *TEMPLATES])
    names = {path.relative_to(ROOT / "templates").as_posix() for path in TEMPLATES}
    assert {
        name for name in names - NAMED_BY_DJANGO if f'"{name}"' not in said and f"'{name}'" not in said
    } == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_template_compiles(path):
    name = path.relative_to(ROOT / "templates").as_posix()
    assert get_template(name)
    Template(path.read_text())


def test_templates_have_no_inline_styles_scripts_or_handlers():
    assert lines_with(TEMPLATES, r"\sstyle\s*=|<style|\son[a-z]+\s*=|javascript:") == []
    assert lines_with(TEMPLATES, r"<script(?![^>]*\ssrc=)") == []


def test_code_makes_no_inline_styles():
    assert lines_with(SOURCES, r"<[a-z]+[^>]*\sstyle=|<script") == []


def test_nothing_comes_from_elsewhere():
    """No host is named; the address of the SVG name space is none."""
    found = lines_with([*TEMPLATES, *STYLES, *SCRIPTS], r"(https?:)?//[a-z0-9-]+\.[a-z]")
    assert [line for line in found if "xmlns" not in line] == []


def test_every_static_file_that_is_named_exists():
    named = {
        (name_of(path), name)
        for path in TEMPLATES
        for name in re.findall(r"""{%\s*static\s+['"]([^'"]+)['"]""", path.read_text())
        + re.findall(r"""(?:href|src)="/static/([^"]+)""", path.read_text())
    }
    assert named
    assert {(place, name) for place, name in named if not finders.find(name)} == set()


def test_every_form_that_posts_carries_its_token():
    missing = [
        f"{name_of(path)}: {form[:80]}"
        for path in TEMPLATES
        for form in re.findall(r"<form\b.*?</form>", path.read_text(), flags=re.S)
        if re.search(r'method="post"', form, flags=re.I) and "csrf_token" not in form
    ]
    assert missing == []


def test_every_page_speaks_chinese():
    """Words of English between the tags are something that was forgotten."""
    known = {"XX", "PDF", "Word", "Excel", "MB", "WPS", "LibreOffice", "SimHei", "SimSun"}
    found = []
    for path in TEMPLATES:
        text = re.sub(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->", "", path.read_text(), flags=re.S)
        text = re.sub(r"{%.*?%}|{{.*?}}|<[^>]*>|&[a-z]+;", " ", text, flags=re.S)
        words = set(re.findall(r"[A-Za-z]{3,}", text)) - known
        found += [f"{name_of(path)}: {word}" for word in sorted(words)]
    assert found == []


# Models


def fields_of(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.get_fields() if isinstance(field, models.Field)]


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_models_and_fields_have_chinese_names(model):
    names = {field.name: str(field.verbose_name) for field in fields_of(model) if not field.primary_key}
    names |= {"(model)": str(model._meta.verbose_name), "(plural)": str(model._meta.verbose_name_plural)}
    assert {key: name for key, name in names.items() if not re.search(r"[\u4e00-\u9fff]", name)} == {}


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_relations_hold_the_other_row_back(model):
    loose = {
        f"{model._meta.label}.{field.name}"
        for field in fields_of(model)
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is not models.RESTRICT
    }
    assert loose - set(NOT_RESTRICTED) == set()


def test_the_reasons_speak_of_relations_that_exist():
    every = {f"{model._meta.label}.{field.name}" for model in OUR_MODELS for field in fields_of(model)}
    assert set(NOT_RESTRICTED) <= every


def bulk_writing() -> list[tuple[str, int, str]]:
    """(file, line, what it is called on) of every bulk writing to a model that may be tracked."""
    known = {model.__name__ for model in OUR_MODELS}
    untracked = {model.__name__ for model in OUR_MODELS if not hasattr(model, "history")}
    found = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            called, on = node.func.attr, ast.unparse(node.func.value)
            of_queryset = called == "update" and not node.args and bool(node.keywords)
            if not of_queryset and called not in {"bulk_update", "bulk_create"}:
                continue
            if on.split(".")[0] not in known & untracked:
                found.append((name_of(path), node.lineno, on))
    return found


def test_tracked_models_are_not_changed_behind_their_history():
    """QuerySet.update() and bulk calls write no history: save, or the bulk calls of simple_history, do."""
    wrong = [
        f"{file}:{line}: {on}"
        for file, line, on in bulk_writing()
        if not any(file == known and on.startswith(start) for known, start in BULK_WITHOUT_HISTORY)
    ]
    assert wrong == []


def test_the_exceptions_are_still_needed():
    found = {
        (file, start)
        for file, _, on in bulk_writing()
        for _, start in BULK_WITHOUT_HISTORY
        if on.startswith(start)
    }
    assert set(BULK_WITHOUT_HISTORY) - found == set()


# Styles and scripts: Chromium 80 draws and runs them.

OLD_STYLES = {
    r":has\(": "Chromium 105",
    r":is\(|:where\(": "Chromium 88",
    r"(?<!grid-)(?<!column-)(?<!row-)\bgap\s*:": "no flex gap in Chromium 80: margins, or grid-gap in a grid",
    r"\binset(-\w+)?\s*:": "Chromium 87",
    r"\baspect-ratio\s*:": "Chromium 88",
    r"@layer|@container|@property": "Chromium 85 to 105",
    r"\bcolor-mix\(|\boklch\(|\blab\(": "Chromium 111",
    r"\b\d+(d|s|l)v(h|w)\b": "Chromium 108",
    r"\bsubgrid\b|\baccent-color\b|:user-invalid": "Chromium 93 to 119",
    r"\bcontent-visibility\b": "Chromium 85",
}

OLD_SCRIPTS = {
    r"\.replaceAll\(": "Chromium 85",
    r"\.at\(": "Chromium 92",
    r"\?\?=|\|\|=|&&=": "Chromium 85",
    r"Object\.hasOwn\b": "Chromium 93",
    r"\bstructuredClone\b": "Chromium 98",
    r"\bcrypto\.randomUUID\b": "Chromium 92",
    r"\.(findLast|findLastIndex|toSorted|toReversed|replaceChildren)\(": "Chromium 86 to 110",
    r"Promise\.any\b|\bAggregateError\b|\bWeakRef\b": "Chromium 84 to 85",
    r"(?m)^\s*(this)?\.?#[a-z]\w*": "private members",
    r"(?m)^(const\b.*=\s*)?await\b": "top-level await",
    r"\beval\(|new Function\(|\.innerHTML\s*=|\.style\.": "the content security policy",
}


@pytest.mark.parametrize("pattern", OLD_STYLES)
def test_styles_are_for_old_browsers_too(pattern):
    wrong = [name_of(path) for path in STYLES if re.search(pattern, without_comments(path.read_text()))]
    assert wrong == [], OLD_STYLES[pattern]


@pytest.mark.parametrize("pattern", OLD_SCRIPTS)
def test_scripts_are_for_old_browsers_too(pattern):
    wrong = [name_of(path) for path in SCRIPTS if re.search(pattern, without_comments(path.read_text()))]
    assert wrong == [], OLD_SCRIPTS[pattern]


def test_a_selector_with_focus_visible_stands_alone():
    """One unknown selector makes Chromium 80 drop the whole list, and the visible focus with it."""
    shared = []
    for path in STYLES:
        for selector in re.findall(r"([^{}]+)\{", without_comments(path.read_text())):
            parts = [part.strip() for part in selector.split(",")]
            if any(":focus-visible" in part for part in parts) and not all(
                ":focus-visible" in p for p in parts
            ):
                shared.append(f"{name_of(path)}: {selector.strip()}")
    assert shared == []


def test_styles_are_not_nested():
    for path in STYLES:
        depth, media = 0, []
        for found in re.finditer(r"([^{};]*)([{}])", without_comments(path.read_text())):
            if found[2] == "{":
                media.append(found[1].strip().startswith("@"))
                depth += 1
                assert sum(not at for at in media) <= 1, f"{name_of(path)}: {found[1].strip()}"
            else:
                media.pop()
                depth -= 1
        assert depth == 0, name_of(path)


# The checks themselves see what they must.


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(?<!grid-)(?<!column-)(?<!row-)\bgap\s*:", "a { gap: 1px }"),
        (r":is\(|:where\(", "a:is(.b) { color: red }"),
        (r"\binset(-\w+)?\s*:", "a { inset: 0 }"),
    ],
)
def test_forbidden_styles_are_seen(pattern, text):
    assert pattern in OLD_STYLES
    assert re.search(pattern, text)


@pytest.mark.parametrize("text", ["a.replaceAll('b', 'c')", "a ??= b", "x.at(-1)", "el.style.color = 'red'"])
def test_forbidden_scripts_are_seen(text):
    assert any(re.search(pattern, text) for pattern in OLD_SCRIPTS)


def test_a_grids_gap_is_no_flex_gap():
    assert not any(re.search(pattern, "a { grid-gap: 1px; column-gap: 1px }") for pattern in OLD_STYLES)
