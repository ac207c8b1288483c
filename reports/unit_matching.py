"""Which unit of the register a name in a report means, for a reason that can be shown; never by guess."""

from __future__ import annotations

from dataclasses import dataclass, field

from accounts.enums import UnitType
from accounts.merging import is_anonymised
from accounts.models import Unit

# Endings that tell what kind of body a name is; the first that fits counts.
TYPE_BY_ENDING = (
    (("纪委监委机关", "纪委监委", "纪委", "监委"), UnitType.DISCIPLINE),
    (("法院", "检察院"), UnitType.JUDICIAL),
    (("镇", "乡", "街道", "镇人民政府", "乡人民政府", "街道办事处", "镇政府", "乡政府"), UnitType.TOWN),
    (("园区", "开发区", "高新区", "管委会"), UnitType.PARK),
    (("公司", "集团", "银行", "信用社"), UnitType.COMPANY),
    (("委办公室", "政府办公室", "委办", "府办"), UnitType.OFFICE),
    (("局", "委", "委员会", "部", "办公室", "支队", "大队"), UnitType.BUREAU),
    (("院", "中心", "学校", "站", "所"), UnitType.INSTITUTION),
)


def type_of(name: str) -> UnitType:
    for endings, unit_type in TYPE_BY_ENDING:
        if name.endswith(endings):
            return unit_type
    return UnitType.OTHER


@dataclass
class UnitIndex:
    """The register's units by every name they go by. A name that two units share finds neither."""

    by_name: dict[str, Unit] = field(default_factory=dict)
    ambiguous: set[str] = field(default_factory=set)

    @classmethod
    def load(cls) -> UnitIndex:
        """Two queries: current units, and their aliases."""
        index = cls()
        units = list(Unit.objects.current().prefetch_related("aliases"))
        for unit in units:
            index.by_name[unit.name] = unit
        for unit in units:
            for name in filter(None, [unit.short_name, *(alias.name for alias in unit.aliases.all())]):
                index.add(name, unit)
        return index

    def add(self, name: str, unit: Unit) -> None:
        """A full name always means its own unit; another name only while it means one unit."""
        known = self.by_name.get(name)
        if known is None:
            self.by_name[name] = unit
        elif known.pk != unit.pk and known.name != name:
            self.ambiguous.add(name)

    def find(self, name: str, aliases: list[str]) -> Unit | None:
        """By the name itself, then by another name the report gives, then with or without a leading 县.

        A name with XX stands for a body that is not named and finds nothing.
        """
        for candidate in [name, *aliases]:
            found = self._exact(candidate)
            if found is not None:
                return found
        return self._exact(name.removeprefix("县")) or self._exact(f"县{name}")

    def _exact(self, name: str) -> Unit | None:
        if is_anonymised(name) or name in self.ambiguous:
            return None
        return self.by_name.get(name)
