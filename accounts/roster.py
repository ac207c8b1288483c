"""Units and people by paste or from Excel: rows → what would be done → done, all of it or nothing.

Paste is what a spreadsheet puts on the clipboard: a line a row, tabs between cells. The first row names the
columns. First passwords are made here, returned once, and kept nowhere but hashed.
"""

from __future__ import annotations

import csv
import io
import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from pypinyin import lazy_pinyin
from python_calamine import CalamineWorkbook

from accounts import audit
from accounts.enums import Role, UnitType
from accounts.models import Unit, User

MOST_ROWS = 2000
UNIT_COLUMNS = {
    "name": ("单位全称", "单位", "单位名称", "全称", "名称"),
    "short_name": ("简称",),
    "unit_type": ("类型", "单位类型"),
    "order": ("排序", "序号"),
    "contact_name": ("联系人", "联络员"),
    "contact_phone": ("联系电话", "电话", "手机"),
}
PERSON_COLUMNS = {
    "name": ("姓名", "名字"),
    "username": ("用户名", "账号", "登录名"),
    "role": ("角色", "身份"),
    "unit": ("单位", "所属单位", "单位全称", "单位名称"),
    "phone": ("联系电话", "电话", "手机"),
}
# No letters or digits that are taken for each other on paper.
LETTERS, DIGITS = "abcdefghjkmnpqrstuvwxyz", "23456789"


class RosterError(Exception):
    """What was pasted cannot be read as rows; the message says in Chinese what to do."""


@dataclass(frozen=True)
class Wrong:
    row: int
    column: str
    value: str
    remedy: str


@dataclass
class Entry:
    """One row: new, changed (field, old, new) or same. `pk` is that of the row it changes."""

    row: int
    status: str
    values: dict[str, Any]
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    pk: int | None = None


@dataclass
class Roster:
    entries: list[Entry]
    wrong: list[Wrong]

    def count(self, status: str) -> int:
        return sum(entry.status == status for entry in self.entries)

    @property
    def ready(self) -> bool:
        return not self.wrong and any(entry.status != "same" for entry in self.entries)


def rows_of_text(text: str) -> list[list[str]]:
    """Pasted cells: tabs, or commas where there is no tab."""
    separator = "\t" if "\t" in text else ","
    return [
        [_clean(cell) for cell in row] for row in csv.reader(io.StringIO(text.strip()), delimiter=separator)
    ]


def rows_of_file(content: bytes, name: str) -> list[list[str]]:
    """The first sheet of an .xlsx or .xls, or a .csv. Raises RosterError."""
    if name.lower().endswith(".csv"):
        try:
            return rows_of_text(content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            return rows_of_text(content.decode("gb18030", errors="replace"))
    if not name.lower().endswith((".xlsx", ".xls")):
        raise RosterError("只能用 .xlsx、.xls 或 .csv 文件，也可以直接从 Excel 复制后粘贴")
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    except Exception as error:  # the parser raises what it likes
        raise RosterError("文件打不开，请在 Excel 中另存为 .xlsx 后再试，或直接复制后粘贴") from error
    return [[_clean(cell) for cell in row] for row in sheet.to_python()]


def _clean(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return re.sub(r"\s+", " ", str(value).replace("\u3000", " ")).strip()


def _table(
    rows: Sequence[Sequence[str]], columns: Mapping[str, tuple[str, ...]]
) -> list[tuple[int, dict[str, str]]]:
    """(row number, cells by column key). Raises RosterError where no row names the columns."""
    known = {name: key for key, names in columns.items() for name in names}
    first = next(iter(columns))
    for place, row in enumerate(rows[:10]):
        keys = [known.get(re.sub(r"[\s（(].*", "", cell), "") for cell in row]
        if first in keys and len([key for key in keys if key]) >= 2:
            found = [
                (number, {key: cell for key, cell in zip(keys, cells, strict=False) if key})
                for number, cells in enumerate(rows[place + 1 :], place + 2)
                if any(cells)
            ]
            if len(found) > MOST_ROWS:
                raise RosterError(f"一次最多 {MOST_ROWS} 行")
            return found
    names = "、".join(options[0] for options in columns.values())
    raise RosterError(f"第一行须是列名，如：{names}（{columns[first][0]}必须有）")


def plan_units(rows: Sequence[Sequence[str]]) -> Roster:
    """What the rows would do to the units. Raises RosterError."""
    known = {unit.name: unit for unit in Unit.objects.current()}
    types = {label: value for value, label in UnitType.choices}
    roster, seen = Roster([], []), set[str]()
    for number, cells in _table(rows, UNIT_COLUMNS):
        wrong = _Wrong(roster, number, UNIT_COLUMNS)
        values: dict[str, Any] = {key: value for key, value in cells.items() if value}
        name = values.get("name", "")
        if not name:
            wrong("name", "", "没有写单位全称")
        elif name in seen:
            wrong("name", name, "前面已有同名单位，请删去一行")
        seen.add(name)
        if "unit_type" in values:
            wrong.choose(values, "unit_type", types, f"类型请填{'、'.join(types)}")
        if "order" in values:
            order = values["order"]
            if order.isdigit() and len(order) < 7:
                values["order"] = int(order)
            else:
                wrong("order", order, "排序请填数字")
        wrong.too_long(Unit, values)
        if not wrong.found:
            roster.entries.append(_entry(number, values, known.get(name)))
    return roster


def plan_people(rows: Sequence[Sequence[str]]) -> Roster:
    """What the rows would do to the accounts. A user name is made where none is given. Raises RosterError."""
    known = {user.username: user for user in User.objects.select_related("unit")}
    roles = {label: value for value, label in Role.choices} | {"联络员": Role.OFFICER}
    units = _units_by_name()
    roster, taken = Roster([], []), set(known)
    seen: set[str] = set()
    for number, cells in _table(rows, PERSON_COLUMNS):
        wrong = _Wrong(roster, number, PERSON_COLUMNS)
        values: dict[str, Any] = {key: value for key, value in cells.items() if value}
        if not values.get("name"):
            wrong("name", "", "没有写姓名")
        role = values.get("role", Role.OFFICER.label)
        values["role"] = role
        wrong.choose(values, "role", roles, f"角色请填{'、'.join(Role.labels)}")
        if "unit" in values:
            wrong.choose(values, "unit", units, "没有这个单位，请先导入单位，或改成系统中的全称、简称")
        elif values["role"] == Role.OFFICER:
            wrong("unit", "", "单位联络员必须写明单位")
        username = values.get("username", "")
        if not username and values.get("name"):
            username = _same_person(known.values(), values) or _new_username(values["name"], taken)
        elif username and not re.fullmatch(r"[\w.@+-]{1,50}", username):
            wrong("username", username, "用户名只能用汉字、字母、数字和 . @ + - _")
        if username in seen:
            wrong("username", username, "前面已有同一个用户名")
        values["username"] = username
        seen.add(username)
        taken.add(username)
        wrong.too_long(User, values)
        if not wrong.found:
            roster.entries.append(_entry(number, values, known.get(username)))
    return roster


class _Wrong:
    """Collects what is wrong with one row."""

    def __init__(self, roster: Roster, row: int, columns: Mapping[str, tuple[str, ...]]) -> None:
        self.roster, self.row, self.columns, self.found = roster, row, columns, False

    def __call__(self, key: str, value: str, remedy: str) -> None:
        self.roster.wrong.append(Wrong(self.row, self.columns[key][0], value[:60], remedy))
        self.found = True

    def choose(self, values: dict[str, Any], key: str, choices: Mapping[str, Any], remedy: str) -> None:
        """Put what the word stands for in its place."""
        if values[key] in choices:
            values[key] = choices[values[key]]
        else:
            self(key, values[key], remedy)

    def too_long(self, model: type[Any], values: Mapping[str, Any]) -> None:
        for key, value in values.items():
            longest = getattr(model._meta.get_field(key), "max_length", None)
            if longest and isinstance(value, str) and len(value) > longest:
                self(key, value, f"最多 {longest} 个字")


def _entry(number: int, values: dict[str, Any], known: Any) -> Entry:
    if known is None:
        return Entry(number, "new", values)
    changes = [
        (
            str(known._meta.get_field(key).verbose_name),
            _words(known, key, getattr(known, key)),
            _words(known, key, new),
        )
        for key, new in values.items()
        if getattr(known, key) != new
    ]
    return Entry(number, "changed" if changes else "same", values, changes, known.pk)


def _words(row: Any, key: str, value: Any) -> str:
    choices = dict(getattr(row._meta.get_field(key), "flatchoices", ()))
    return str(choices.get(value, "（空）" if value in {None, ""} else value))


def _units_by_name() -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for unit in Unit.objects.current().prefetch_related("aliases"):
        for name in (unit.name, unit.short_name, *(alias.name for alias in unit.aliases.all())):
            if name:
                found.setdefault(name, unit)
    return found


def _same_person(people: Iterable[User], values: Mapping[str, Any]) -> str:
    """The user name of who is there already under this name, in this unit and role."""
    unit = values.get("unit")
    same = [p for p in people if (p.name, p.role, p.unit) == (values["name"], values["role"], unit)]
    return same[0].username if len(same) == 1 else ""


def _new_username(name: str, taken: set[str]) -> str:
    base = re.sub(r"[^a-z0-9]", "", "".join(lazy_pinyin(name)).lower())[:40] or "user"
    number, username = 1, base
    while username in taken:
        number += 1
        username = f"{base}{number}"
    return username


def first_password() -> str:
    """Readable on paper, 12 signs, of three kinds."""

    def some(alphabet: str, count: int) -> str:
        return "".join(secrets.choice(alphabet) for _ in range(count))

    return f"{some(LETTERS, 1).upper()}{some(LETTERS, 4)}-{some(DIGITS, 6)}"


def save_units(roster: Roster, *, actor: User) -> int:
    """Write the units; returns how many were new or changed. Raises ValidationError."""
    return _save(roster, Unit, actor, "导入单位", lambda unit, entry: unit.save())


def save_people(roster: Roster, *, actor: User) -> list[tuple[User, str]]:
    """Write the accounts; returns the new ones with their first passwords, which nothing else keeps."""
    made: list[tuple[User, str]] = []

    def write(user: User, entry: Entry) -> None:
        if entry.status == "new":
            password = first_password()
            user.set_password(password)
            user.must_change_password = True
            made.append((user, password))
        user.save()

    _save(roster, User, actor, "导入账号", write)
    return made


@transaction.atomic
def _save(
    roster: Roster, model: type[Any], actor: User, act: str, write: Callable[[Any, Entry], None]
) -> int:
    if roster.wrong:
        raise ValidationError(f"还有 {len(roster.wrong)} 处错误")
    written = [entry for entry in roster.entries if entry.status != "same"]
    for entry in written:
        row = model.objects.select_for_update(of=("self",)).get(pk=entry.pk) if entry.pk else model()
        for key, value in entry.values.items():
            setattr(row, key, value)
        if not entry.pk:
            row.full_clean(exclude=["password"])
        write(row, entry)
    named = [str(entry.values.get("username") or entry.values["name"]) for entry in written]
    audit.record(
        actor, act, detail={"新增": roster.count("new"), "修改": roster.count("changed"), "名单": named}
    )
    return len(written)
