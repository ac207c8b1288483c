"""Who there is in the demonstration county: offices, the 26 units, and the people who sign in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from accounts.enums import Role, UnitType

COUNTY = "演示县"
SUPERVISOR, LEADER, OFFICER, ADMINISTRATOR, AUDITOR = "jiandu", "lingdao", "lianluo", "guanli", "shenji"
# In use in demonstration databases only; clear_demo removes every account that has it.
DEMO_PASSWORD = "Qingyu-2026"  # noqa: S105


@dataclass(frozen=True)
class UnitPlan:
    """A unit as the county writes it; `former` are other names in use besides the short one."""

    name: str
    short: str
    unit_type: UnitType
    former: tuple[str, ...] = ()

    def aliases(self) -> tuple[str, ...]:
        """Other names under which reports speak of the unit, in a fixed order."""
        bare = self.short.removeprefix("县")
        return tuple(dict.fromkeys(name for name in (self.short, bare, *self.former) if name != self.name))

    def in_copy(self, number: int) -> UnitPlan:
        """The same unit of the county's `number`-th copy (the first is the county itself)."""
        if number == 1:
            return self
        prefix = f"第{number}县"
        return UnitPlan(
            prefix + self.name.removeprefix("县"), prefix + self.short.removeprefix("县"), self.unit_type
        )


@dataclass(frozen=True)
class AccountPlan:
    username: str
    name: str
    role: Role
    unit: str = ""  # short name


# They send the campaign out and take no part in it themselves.
OFFICES = (
    UnitPlan("县委办公室", "县委办", UnitType.OFFICE),
    UnitPlan("县政府办公室", "县政府办", UnitType.OFFICE, ("县人民政府办公室",)),
    UnitPlan("县纪委监委", "县纪委监委", UnitType.DISCIPLINE, ("县纪委监委机关",)),
)

UNITS = (
    UnitPlan("县发展和改革局", "县发改局", UnitType.BUREAU, ("县发改委",)),
    UnitPlan("县教育和体育局", "县教体局", UnitType.BUREAU, ("县教育局",)),
    UnitPlan("县工业和信息化局", "县工信局", UnitType.BUREAU),
    UnitPlan("县公安局", "县公安局", UnitType.BUREAU),
    UnitPlan("县民政局", "县民政局", UnitType.BUREAU),
    UnitPlan("县财政局", "县财政局", UnitType.BUREAU),
    UnitPlan("县人力资源和社会保障局", "县人社局", UnitType.BUREAU),
    UnitPlan("县自然资源局", "县自然资源局", UnitType.BUREAU, ("县国土资源局",)),
    UnitPlan("县住房和城乡建设局", "县住建局", UnitType.BUREAU),
    UnitPlan("县交通运输局", "县交通局", UnitType.BUREAU),
    UnitPlan("县水利局", "县水利局", UnitType.BUREAU),
    UnitPlan("县农业农村局", "县农业农村局", UnitType.BUREAU, ("县农业局",)),
    UnitPlan("县经济合作局", "县经合局", UnitType.BUREAU, ("县招商局",)),
    UnitPlan("县卫生健康局", "县卫健局", UnitType.BUREAU),
    UnitPlan("县市场监督管理局", "县市场监管局", UnitType.BUREAU),
    UnitPlan("县城市管理局", "县城管局", UnitType.BUREAU),
    UnitPlan("县政务服务管理局", "县政务服务局", UnitType.BUREAU, ("县行政审批局",)),
    UnitPlan("县税务局", "县税务局", UnitType.BUREAU),
    UnitPlan("县生态环境局", "县生态环境局", UnitType.BUREAU, ("县环保局",)),
    UnitPlan("县人民法院", "县法院", UnitType.JUDICIAL),
    UnitPlan("工业园区管理委员会", "工业园区", UnitType.PARK, ("工业园区管委会",)),
    UnitPlan("青柳镇人民政府", "青柳镇", UnitType.TOWN, ("青柳镇政府",)),
    UnitPlan("白石镇人民政府", "白石镇", UnitType.TOWN, ("白石镇政府",)),
    UnitPlan("枫溪镇人民政府", "枫溪镇", UnitType.TOWN, ("枫溪镇政府",)),
    UnitPlan("县惠农融资担保有限公司", "县惠农担保公司", UnitType.COMPANY, ("惠农融资担保公司",)),
    UnitPlan("县城市建设投资有限公司", "县城投公司", UnitType.COMPANY),
)

# The accounts that are told to whoever looks at the demonstration; every other unit has its officer too.
DEMO_ACCOUNTS = (
    AccountPlan(SUPERVISOR, "林青松", Role.SUPERVISOR, "县纪委监委"),
    AccountPlan(LEADER, "高银杏", Role.LEADER, "县委办"),
    AccountPlan(OFFICER, "田海棠", Role.OFFICER, "县发改局"),
    AccountPlan("lianluo4", "骆白杨", Role.OFFICER, "县公安局"),
    AccountPlan("lianluo21", "江红枫", Role.OFFICER, "工业园区"),
    AccountPlan("lianluo22", "柳水杉", Role.OFFICER, "青柳镇"),
    AccountPlan(ADMINISTRATOR, "管翠竹", Role.ADMINISTRATOR),
    AccountPlan(AUDITOR, "沈玉兰", Role.AUDITOR, "县纪委监委"),
)

# Surnames joined to names of plants: a pattern nobody takes for real people.
SURNAMES = "赵钱孙李周吴郑王冯陈蒋韩杨朱秦许何吕施张孔曹严金魏陶姜谢邹苏潘范彭鲁韦马苗方任袁史唐薛雷贺"
PLANTS = """
白桦 云杉 丁香 木棉 芦苇 紫藤 月季 石榴 山楂 香樟 金桂 蜡梅 兰草 荷叶 茉莉 芙蓉 牡丹 芍药 杜鹃 连翘
沉香 雪松 梧桐 冬青 迎春 海桐 桑叶 麦穗 稻禾 葵花
"""


def people(rng: Random) -> Iterator[str]:
    """Invented names without end, none twice until all 1,300 have been given."""
    while True:
        names = [surname + plant for surname in SURNAMES for plant in PLANTS.split()]
        rng.shuffle(names)
        yield from names
