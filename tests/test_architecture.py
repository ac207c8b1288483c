"""The rooms depend on each other in one direction: config → reports → riskregistry → accounts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parent.parent
# Each room may depend on itself and on those after it.
ROOMS = ("config", "reports", "riskregistry", "accounts")
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))

# These read documents and draw: they work without a database, and without Django's models.
WITHOUT_ORM = ("reports/extraction", "reports/reading", "reports/charts.py", "reports/reconciliation.py")
ORM = (
    "django.db",
    "django.contrib",
    "simple_history",
    "reports.models",
    "riskregistry.models",
    "accounts.models",
)

MOST_LINES = 1200
MOST_FUNCTION_LINES = 80


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """(line, full module name) of every import, those inside functions and under TYPE_CHECKING too."""
    package = list(path.relative_to(ROOT).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*start, *([node.module] if node.module else [])])
            for alias in node.names:
                yield node.lineno, f"{module}.{alias.name}"


def strings_that_name_models(path: Path) -> Iterator[tuple[int, str]]:
    """(line, room) of relations given as a string, and of models fetched by one."""
    relations = {"ForeignKey", "OneToOneField", "ManyToManyField", "get_model"}
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called not in relations:
            continue
        for value in [
            *node.args,
            *(keyword.value for keyword in node.keywords if keyword.arg in {"to", "through"}),
        ]:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield node.lineno, value.value.split(".")[0]


def migration_dependencies(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.List):
            continue
        if getattr(node.targets[0], "id", "") in {"dependencies", "run_before"}:
            for entry in node.value.elts:
                if isinstance(entry, ast.Tuple) and isinstance(entry.elts[0], ast.Constant):
                    yield entry.lineno, str(entry.elts[0].value)


def runs_against(room: str, other: str) -> bool:
    return other in ROOMS and room in ROOMS and ROOMS.index(other) < ROOMS.index(room)


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_runs_against_the_direction(room):
    wrong = []
    for path in SOURCES:
        if path.relative_to(ROOT).parts[0] != room:
            continue
        found = [(line, module.split(".")[0]) for line, module in imports(path)]
        found += strings_that_name_models(path)
        if path.parent.name == "migrations":
            found += migration_dependencies(path)
        wrong += [f"{name_of(path)}:{line} → {other}" for line, other in found if runs_against(room, other)]
    assert wrong == []


def test_no_room_imports_tests_or_tools():
    wrong = [
        f"{name_of(path)}:{line} → {module}"
        for path in SOURCES
        for line, module in imports(path)
        if module.split(".")[0] in {"tests", "pytest", "factory", "hypothesis", "faker"}
    ]
    assert wrong == []


def test_relations_between_models_follow_the_direction():
    wrong = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, (models.ForeignKey, models.ManyToManyField))
        and isinstance(field.related_model, type)
        and runs_against(model._meta.app_label, field.related_model._meta.app_label)
    ]
    assert wrong == []


@pytest.mark.parametrize("place", WITHOUT_ORM)
def test_readers_and_charts_know_no_database(place):
    paths = [path for path in SOURCES if name_of(path).startswith(place)]
    wrong = [
        f"{name_of(path)}:{line} → {module}"
        for path in paths
        for line, module in imports(path)
        if any(module == banned or module.startswith(f"{banned}.") for banned in ORM)
    ]
    assert wrong == []


def test_enums_import_nothing_of_ours():
    wrong = [
        f"{name_of(path)} → {module}"
        for path in SOURCES
        if path.name == "enums.py"
        for _, module in imports(path)
        if module.split(".")[0] in ROOMS
    ]
    assert wrong == []


def test_a_module_is_named_for_what_it_does():
    vague = {"utils.py", "helpers.py", "common.py", "misc.py", "util.py", "helper.py"}
    assert [
        name_of(path) for path in SOURCES if path.name in vague or path.parent.name in {"utils", "helpers"}
    ] == []


def test_no_file_is_too_long():
    long = [
        f"{name_of(path)}: {lines}"
        for path in [*SOURCES, *sorted((ROOT / "tests").rglob("*.py"))]
        if (lines := len(path.read_text().splitlines())) > MOST_LINES
    ]
    assert long == []


def test_no_function_is_too_long():
    long = [
        f"{name_of(path)}:{node.lineno} {node.name}: {(node.end_lineno or 0) - node.lineno + 1}"
        for path in SOURCES
        if path.parent.name != "migrations"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (node.end_lineno or 0) - node.lineno >= MOST_FUNCTION_LINES
    ]
    assert long == []


# The checks themselves see what they must.


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("import reports.models", "reports.models"),
        ("def f():\n    from reports import models", "reports.models"),
        ("if x:\n    from reports.models import Report", "reports.models.Report"),
        ("from ...reports import models", "reports.models"),
        ("from . import models", "accounts.inner.models"),
    ],
)
def test_every_form_of_import_is_seen(tmp_path, monkeypatch, text, seen):
    monkeypatch.setattr("tests.test_architecture.ROOT", tmp_path)
    path = tmp_path / "accounts" / "inner" / "module.py"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    assert seen in [module for _, module in imports(path)]


def test_a_relation_given_as_a_string_is_seen(tmp_path):
    path = tmp_path / "models.py"
    path.write_text(
        "a = models.ForeignKey('reports.Report', 1)\nb = models.ManyToManyField(to='reports.Report')"
    )
    assert [room for _, room in strings_that_name_models(path)] == ["reports", "reports"]


def test_a_migration_that_depends_the_wrong_way_is_seen(tmp_path):
    path = tmp_path / "0002.py"
    path.write_text("class Migration:\n    dependencies = [('reports', '0001_initial')]")
    assert [room for _, room in migration_dependencies(path)] == ["reports"]
    assert runs_against("accounts", "reports")
    assert not runs_against("reports", "accounts")
