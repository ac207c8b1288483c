"""Named bodies in a text: where each is mentioned, and which mentions are one unit under several names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from reports.extraction.aliases import Groups, group_names, has_x
from reports.extraction.bodies import STEMS
from reports.extraction.facts import Known
from reports.extraction.passages import Passage, Row

_HAN = r"[\u4e00-\u9fff]"
_X = r"(?:[Xx×某*＊]{1,4}|[A-Z])"
_FIRM_END = r"(?:(?:集团)?股份有限公司|(?:集团)?有限责任公司|(?:集团)?有限公司|集团公司|总公司|分公司|子公司|公司|集团|银行(?!账户|账号|存款|存单|贷款|卡号|流水|转账|业务|利率|柜台|结算|票据|授信|按揭|征信|手续|回单|信用|代发|监管|间|系统)(?:股份有限公司)?(?:\w{0,4}支行)?|农商行(?:(?![贷存账])\w{1,4}支行)?|支行|信用联社|合作联社|农信社|信用社)"
_ENDINGS = (
    r"(?:局|办公室|办事处|中心|管委会|管理委员会|委员会|分局|大队|支队|医院|法院|检察院|学校|(?<!集)中学|小学|幼儿园|党校|学院|职校|(?:高中|[一二三四五六]中)(?![学心小型等])|福利院|敬老院|殡仪馆|看守所|拘留所|戒毒所|救助站|公证处|登记处|(?:老年|电视|开放)大学|公积金管理部|研究室|书店|公路段"
    r"|管理处|管理所|管理站|服务站|监测站|总站|监督站|技术站|推广站|检疫站|工作站|检测站|管护站|监督所|监察局|稽查局|执法队|保障局|保健院|中医院|图书馆|档案馆|文化馆|博物馆|体育馆|电视台|联合会|联合社|协会|学会|总工会|妇联|残联|科协|文联|侨联|工商联|红十字会|关工委"
    r"|供销社|林场|农场|水厂|电厂|指挥部|领导小组|事务所|研究所|专班|工业园区|工业园|产业园区|产业园|经济开发区|经开区|开发区|高新区|集中区|集聚区|示范区|园区|景区管委会|卫健委|发改委|住建委|经信委|工信委|国资委|政法委|编委|农委|直工委|工委|人武部|组织部|宣传部|统战部|社会工作部|邮政公司)"
)
_OFFICE = r"(?:编|金融|扶贫|信访|人防|外事|巡察|网信|国资|改革|农|史志|重点|征收|优化|营商|园区|创建|文明|双拥|招商|移民|防汛|食安|安|政府|委)办(?![理事公法好结案学税证件成实会])"
_NOT_IN_NAME = "的对等由于将把被向从并或了已按均、，。；：（）《》"
_WHOLE = "殡仪馆|看守所|公证处|救助站|老年大学|公积金管理部|公路段|档案馆|图书馆|文化馆|博物馆|体育馆|妇联|残联|科协|文联|侨联|工商联|总工会|红十字会|关工委|供销社|人武部|党校|融媒体中心|大数据中心|福利院|林场|农场|卫健委|发改委|住建委|国资委|编办|编委"
_SECTION = re.compile(
    r"(?:党组|党委|机关党委|机关|班子|领导班子)?(?:(?:(?![与和及县对将把会联由的等在为])[\u4e00-\u9fff]){0,8}?(?:股|科(?!技)|室|大队|中队|派出所|司法所|税务所|监管所|分局|支队|站|所(?![属在有需涉谓])|窗口(?!业务|只|单位)|办公室|党支部))(?![\u4e00-\u9fff]?(?:局|人员|长))"
)
# 县农业农村局综合执法大队 and 县公安局交警大队 are bodies of their own, though parts of others
_SQUAD = re.compile(
    r"(?:(?![与和及对将把会联由等在为])[\u4e00-\u9fff]){0,6}?(?:执法|监察|稽查|交警|交通警察|交管|消防)(?:大队|支队)(?!长)"
)
# 县生态环境局临港分局, 县市场监督管理局临港所
_BRANCH = re.compile(
    r"(?!个别|基层|各|部分|有的|所有|下属)(?:(?![与和及对将把会联由等在为的])[\u4e00-\u9fff]){2,5}?(?:分局|(?<!派出)(?<!司法)(?<!税务)所(?![属在有需涉谓]))"
)
_TOWN = re.compile(
    rf"(?P<name>(?:{_X}|(?:(?!镇|乡|苏木)[\u4e00-\u9fff]){{1,6}}))(?P<end>镇|乡|街道|苏木)(?P<body>人民政府|政府|办事处|党委政府|党工委|党委|(?:中心)?卫生院|中心(?:学校|小学|校|幼儿园)|九年(?:一贯)?制学校|初级中学|中学|小学|学校|幼儿园)?"
)
_TOWN_NOT_AFTER = {
    "镇": "银里区域级化居职燃供污低",
    "乡": "村镇风愁土贤亲情规间音",
    "街道": "",
    "苏木": "镇乡",
}
_GENERIC_TOWN = re.compile(
    r"(?:苏木|各|全|本|我|该|县|市|区|城|村|乡|集|重|小|个|建制|每|一|两|几|多|中心|所有|有关|相关|部分|其他|其余|周边|农|山|回|返|下|老|家|异|还|入|来|到|驻|易|他|故|思|离|背井|水|古|名|强|大|新|特色|重点|美丽|示范|试点|涉农|偏远|基层|县直|和|与|及|在|对|由|的|等|以|为)+"
)
_SPLIT = re.compile(
    r"由|对|向|在|于|与|和|及|以及|会同|联合|组织|要求|督促|指导|协调|发至|印发|发给|下发|通知|报送|至|到|从|将|把|被|为|是|如|像|以|让|请|给|即|因|但|而|且|经|据|按|的|了|等|其中|包括|涉及|特别是|尤其是|分别|约谈|通报|提醒|表扬|批评|抽查|检查|督查|走访|责成|责令|支持|推动|帮助|牵头|配合|协同|依托|委托|选择|选取|确定|针对|关于|根据|同时|目前|此外|另外|例如|比如|譬如|所属|下属|下辖|全县|我县|县内|深入|赴|驻|除|原|现|并|有|家|个|所|使"
)
_STRONG = re.compile(
    r"[县区市旗]属(?:国有|重点)?企业|下称|简称|会同|联合|组织|要求|督促|指导|协调|发至|印发|发给|下发|通知|以及|报送|其中|包括|涉及|特别是|尤其是|分别|约谈|通报|提醒|表扬|批评|抽查|检查|督查|走访|责成|责令|支持|推动|帮助|牵头|配合|协同|依托|委托|选择|选取|确定|针对|关于|根据|同时|目前|此外|另外|例如|比如|譬如|所属|下属|下辖|全县|我县|深入|不含|统计|如|由|对|向|的|了|等|为(?!民)|是|与|及|在|将|把|被|让|给|原|现|查找|排查|发现|建议|责任单位|该|家|个"
)


@dataclass(frozen=True)
class Mention:
    """One place where a body is named: `form` as written but without county and 中共; `firm` for companies.

    `start`, `end` are in `passage.text`. `section` tells that a part inside the body is named after it.
    """

    form: str
    passage: Passage
    start: int
    end: int
    firm: bool = False
    section_end: int = 0
    county: bool = False


@dataclass
class Body:
    """One unit: all its forms and mentions."""

    name: str
    forms: list[str] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    firm: bool = False

    @property
    def aliases(self) -> tuple[str, ...]:
        """The other names the text uses, in order of first use."""
        return tuple(f for f in self.forms if f != self.name)


class Gazetteer:
    """All mentions of a text, and the bodies they belong to."""

    def __init__(
        self, bodies: list[Body], by_passage: dict[int, list[Mention]], owner: dict[str, Body]
    ) -> None:
        self.bodies = bodies
        self._by_passage = by_passage
        self._owner = owner

    def mentions_in(self, passage: Passage, start: int = 0, end: int | None = None) -> list[Mention]:
        """The mentions inside a stretch of a passage, in order."""
        stop = len(passage.text) if end is None else end
        return [m for m in self._by_passage.get(id(passage), []) if m.start >= start and m.end <= stop]

    def body_of(self, mention: Mention) -> Body:
        """The body a mention names."""
        return self._owner[mention.form]

    def body_named(self, form: str) -> Body | None:
        """The body that bears a name, if any."""
        return self._owner.get(form)


def level_of(texts: Iterable[str]) -> str:
    """The sign of the county's rank in its bodies' names: 县, or 区, 旗, 市 where no 县 appears."""
    whole = "\n".join(texts)
    for sign in "县区旗市":
        if re.search(
            rf"{sign}(?:委办|委、|政府|人民政府|纪委|人民法院|财政局|公安局|教育|发改|发展|住|市场监|农业农村局|卫|水利局|审计局)",
            whole,
        ):
            return sign
    return "县"


def county_names(texts: Sequence[str], sign: str) -> list[str]:
    """Names of the county as the text shows them (安澜县), longest first.

    Looked for only where a name of the county is sure to begin: a short line, a title, 中共, a 《.
    """
    found: Counter[str] = Counter()
    name = rf"({_HAN}{{1,4}}?|[Xx×某*]{{1,4}}){sign}(?!级|域|直|内)"
    inner = re.compile(rf"(?:(?<=中共)|(?<=总局)|(?<=《)){name}")
    start = re.compile(rf"(?:关于)?(?:中共)?{name}")
    stop = re.compile(
        r"[全各我本该在的由和对与及向从至到省市按经同]$|^[全各我本该在由和对与及向从至到将被据按经]|组织|指导|要求|联合|会同|协调|关于|印发|下发|书记|近年|如下|以|根据|感谢"
    )
    for text in texts:
        matches = list(inner.finditer(text))
        if len(text) <= 60 and not text.endswith("。") and (m := start.match(text)):
            matches.append(m)
        for m in matches:
            if not stop.search(m[1]):
                found[m[1] + sign] += 1
    return sorted(found, key=len, reverse=True)[:8]


def find_units(items: list[Passage | Row], known: Known) -> Gazetteer:
    """Every named body of a text."""
    passages: list[Passage] = []
    for item in items:
        passages.extend(item.cells if isinstance(item, Row) else [item])
    texts = [p.text for p in passages]
    sign = level_of(texts)
    finder = _Finder(sign, county_names(texts, sign), known, texts)
    by_passage: dict[int, list[Mention]] = {}
    finder.learn_towns(passages)
    for passage in passages:
        found = finder.mentions(passage)
        if found:
            by_passage[id(passage)] = found
    mentions = [m for p in passages for m in by_passage.get(id(p), [])]
    declared = _declared(passages, by_passage)
    forms = list(dict.fromkeys(m.form for m in mentions))
    firms = frozenset(m.form for m in mentions if m.firm)
    groups = group_names(forms, firms, declared, known, sign, finder.counties)
    bodies, owner = _bodies(mentions, groups, declared)
    return Gazetteer(bodies, by_passage, owner)


def _known_names(known: Known) -> list[str]:
    return [n for name, aliases in known.units for n in (name, *aliases) if len(n) > 2]


def _short_names(texts: Sequence[str]) -> list[str]:
    """Names the text introduces with 以下简称."""
    found = [m for text in texts if "简称" in text for m in _SHORT.finditer(text)]
    found += [m for text in texts if "简称" in text for m in _CALLED.finditer(text)]
    names = [m[1] for m in found]
    # a firm may be called by any word: 城关库, 金穗米业
    firms = {m[1] for m in found if m.string[: m.start()].endswith("公司")}
    for text in texts:  # 国营椴木沟林场, later 椴木沟林场
        farms = re.finditer(r"国[营有]([\u4e00-\u9fff]{2,6}?[林农牧渔茶]场)", text)
        names += [n for m in farms for n in m.group(0, 1)]
    return [
        n
        for n in names
        if len(n) > 2 and (n in firms or re.search(r"[局委办院会部中心镇乡公司集团园区室班社行联场]$", n))
    ]


def _one_committee(texts: Sequence[str]) -> bool:
    """Whether the text knows one 管委会 only, which it may then call just that."""
    full = {
        m[1] for text in texts for m in re.finditer(r"([\u4e00-\u9fff]{2}[区园])(?:管委会|管理委员会)", text)
    }
    return len(full) == 1


def _one_group(texts: Sequence[str]) -> bool:
    """Whether the text knows one 领导小组办公室 only, which it may then call just that."""
    full = {m[1] for t in texts for m in re.finditer(r"([\u4e00-\u9fff]{4})领导小组办公室", t)}
    return len(full) == 1


class _Finder:
    """The compiled patterns for one text."""

    def __init__(self, sign: str, counties: list[str], known: Known, texts: Sequence[str]) -> None:
        self.sign = sign
        self.counties = counties
        begun = re.compile(rf"(?:^|(?<=[，。；、：（“]))(?!其中|如下|包括|涉及|以及)({_HAN}{{2,3}}){sign}")
        self._places = Counter(m[1] for text in texts for m in begun.finditer(text))
        higher = "省市州盟" if sign in "县旗" else "省州" if sign == "区" else "省"
        self._higher = re.compile(rf"(?:中级|高级|最高|邻|外|[{higher}]|自治区|自治州|中央|国家|全国)$")
        stems = "|".join(re.escape(c.removesuffix(sign)) for c in counties) or "(?!)"
        prefix = rf"(?:中共|国家税务总局|国网(?:{_HAN}{{2,6}}电力(?:有限)?公司)?)?(?:{stems})|中共"
        body = rf"(?:“[^”]{{1,8}}”|[^{_NOT_IN_NAME}镇“”\0])"
        every = "|".join(s for s in STEMS if len(s) > 2 and not s.startswith("委"))
        own = (
            rf"(?:(?:{sign}纪委{sign}?监委|{sign}纪委|{sign}监委)?(?:派驻|(?<![派入进])驻)(?:第[一二三四五六七八九十]{{1,3}}|{sign}?{_HAN}{{2,14}}?)(?:纪检监察组|纪检组)"
            rf"|{sign}纪委{sign}?监委第[一二三四五六七八九十]{{1,3}}(?:派驻)?(?:纪检监察组|派驻组)"
            rf"|{sign}{_HAN}{{2,14}}?(?:督导组|督查组|巡察组|专项组|协调组|工作组|工作小组)(?:办公室)?"
            rf"|{sign}(?:急救|种子|农机|植保|土肥|畜牧|水产|林业|水利|文化|运管|园林|环卫|质监|安监|造价|经管|能源|森防|农技|防疫){_HAN}{{0,4}}?站"
            rf"|{sign}税务局{_HAN}{{2,6}}?税务(?:分局|所)"
            rf"|{sign}{_HAN}{{1,8}}?(?:研究所|农科所|检验所|检测所)"
            rf"|{sign}(?:海事|河务|航务|航道|公路|渡口|水保|移民|文物){_HAN}{{0,4}}?处"
            rf"|{sign}纪委{sign}?监委(?:机关)?|{sign}纪律检查委员会|{sign}纪委(?!书记)|{sign}监委|{sign}监察委员会"
            rf"|{sign}委(?:办公室|办(?![理事公])|组织部|宣传部|统战部|统一战线工作部|政法委员会|政法委|党校|老干部局|社会工作部|社工部|{_HAN}{{1,14}}?(?:办公室|委员会|中心|局|工委)|{_OFFICE})"
            rf"|{sign}(?:人民)?政府(?:办公室|办(?![理事公]))"
            rf"|(?:共青团|团){sign}委|{sign}(?:人民)?(?:法院|检察院)|{sign}人大常委会办公室|{sign}政协办(?:公室)?|{sign}医院|{sign}{_HAN}{{0,4}}?中等(?:专业|职业|职业技术|师范)学校|{sign}[一二三四五六]中(?![学心小型等])|市{_HAN}{{2,8}}局(?:{stems})分局|{sign}直机关工委"
            rf"|{sign}(?:{every})(?![\u4e00-\u9fff]{{0,6}}?(?:有限公司|管委会|办公室))|{sign}(?:{_WHOLE})"
            rf"|{sign}(?![级内直域属情里长]|乡(?!村)|城(?![管投建市乡发运区关])|委(?!托)|政府(?!采购)|人民政府|区|市区|市县|市(?:委|政府|人民)|会议|中级人民|高级人民){body}{{1,20}}?(?:{_FIRM_END}|{_ENDINGS})"
            rf"|{sign}{_OFFICE}|{sign}{_HAN}{{1,6}}?(?<![承主经督代帮开举兴交查协筹创])办(?![理事公法好结案学税证件成实会])|{sign}(?:委|(?:人民)?政府)督查室|{sign}(?:人民)?政府(?:{every}))"
        )
        lexicon = "|".join(s for s in STEMS if len(s) > 2 and not _NEEDS_PREFIX.search(s))
        parks = rf"(?:{_X}|{_HAN}{{2,6}}?)?(?:工业园区|产业园区|(?:工业|产业|物流|科技|创业|化工|产业转移)园(?=管委会|管理委员会)|化工园区|物流园区|工业集中区|产业集聚区|经济技术开发区|经济开发区|高新技术产业开发区|高新区|经开区|(?<=[\u4e00-\u9fff]{{2}})产业园(?!区))(?:管理委员会|管委会)?|{_HAN}{{2,3}}供销(?:合作)?社|{_HAN}{{2,6}}?(?:度假区|风景区|景区|保护区|新区|示范区)(?:管理委员会|管委会)|国[营有]{_HAN}{{2,6}}?(?:林场|农场|牧场|渔场|茶场|苗圃|种羊场|原种场|良种场)|(?:园区|开发区)(?:管理委员会|管委会)"
        firm = rf"(?:{_X}|{_HAN}|（[^（）]{{1,6}}）){{1,26}}?{_FIRM_END}"
        hidden = rf"(?:某某|[Xx×*＊]{{2,4}})(?:局|委|办|院|中心|学校|医院|部门|{_HAN}{{1,6}}?(?:局|中心|办公室|医院|管理处|管理站|大队))"
        school = rf"{hidden}|(?:{_X}|{_HAN}{{1,6}}?)(?:(?<!集)中学(?!习)|小学(?!生)|卫生院|中心校|中心学校|幼儿园(?!所)|供电公司|医院)"
        special = "|".join(
            map(re.escape, sorted({*_known_names(known), *_short_names(texts)}, key=lambda n: (-len(n), n)))
        )
        committee = "(?<![区园市城镇乡])管委会(?![委])" if _one_committee(texts) else "(?!)"
        if _one_group(texts):
            committee += "|(?<![\u4e00-\u9fff])领导小组办公室|(?<=[由经报向])领导小组办公室"
        self._main = re.compile(
            rf"(?P<known>{special or '(?!)'})|(?P<own>(?P<county>{prefix})?{own})|(?P<lexicon>{committee}|{lexicon})"
        )
        self._loose = re.compile(rf"(?P<park>{parks})|(?P<firm>{firm})|(?P<school>{school})")
        self._towns: set[str] = set()

    def learn_towns(self, passages: list[Passage]) -> None:
        """Names of towns that stand clear of other words somewhere; long ones only if named again."""
        seen = Counter(
            tail
            for passage in passages
            for m in _TOWN.finditer(passage.text)
            for size in range(2, 7)
            if (tail := m["name"][-size:] + m["end"])
        )
        for passage in passages:
            for m in _TOWN.finditer(passage.text):
                before = passage.text[m.start() - 1 : m.start()] if m.start() else ""
                name = self._strip(m["name"])
                clear = not before or before in "、，。；：（《“ "
                longest = 6 if m["end"] == "苏木" or seen[name + m["end"]] > 1 else 3
                if (
                    clear
                    and 2 <= len(name) <= longest
                    and not (len(name) > 3 and re.search("[县市区旗]", name))
                    and not _GENERIC_TOWN.fullmatch(name)
                    and not _SPLIT.search(name)
                ):
                    self._towns.add(name)

    def _strip(self, name: str) -> str:
        for county in self.counties:
            at = name.rfind(county)
            if at >= 0:
                return name[at + len(county) :]
        return name

    def mentions(self, passage: Passage) -> list[Mention]:
        text = passage.text
        titles = [(m.start(), m.end()) for m in re.finditer(r"《[^《》]{0,80}》", text)]
        found: list[Mention] = []
        taken = bytearray(len(text) + 1)
        for start, end in titles:
            taken[start:end] = b"\1" * (end - start)
        for m in self._main.finditer(text):
            self._take_main(passage, m, taken, found)
        for m in _TOWN.finditer(text):
            self._take_town(passage, m, taken, found)
        self._take_loose(passage, taken, found)
        return sorted(found, key=lambda m: m.start)

    def _take_main(self, passage: Passage, m: re.Match[str], taken: bytearray, found: list[Mention]) -> None:
        text = passage.text
        start, end = m.span()
        if any(taken[start:end]) or self._is_higher(text, start):
            return
        if (
            self.sign == "区"
            and m["own"]
            and text[max(0, start - 1) : start] in tuple("社辖园小片街景校厂矿牧林库灾老山地")
        ):
            return  # 社区事务办
        form = m.group()
        if m["own"]:
            form = self._own_form(m)
            at = m.start("own") + len(m["county"] or "")
            if form.startswith(self.sign) and text[max(0, at - 2) : at] == "自治":
                form, start = "自治" + form, at - 2
            if form.endswith(("领导小组", "专班", "指挥部")) and text[end : end + 3] == "办公室":
                form, end = form + "办公室", end + 3
            end, form = self._longer(text, end, form)
            if re.match(
                r"(?:县委|县政府)?常委|一级|域内|国[营有][农林牧渔]{2}场$|中小学|\d+[所个家]", form[1:]
            ):
                return
        elif m["lexicon"]:
            if re.match(r"[函发字文电]?[〔［\[]", text[end : end + 2]):
                return  # 吉营商办函〔2024〕21号
            if (start and text[start - 1] in "各本我该全贵") or text[start - 1 : start] == "局":
                return
            end, form = self._longer(text, end, form)
            if form in ("工业园区", "高新区", "开发区", "产业园") and text[start - 1 : start] in ("各",):
                return
            start, form = self._park_prefix(text, start, form)
        if _is_firm(form) and form.startswith(self.sign):
            county = re.search(
                r"(?:^|(?<=[，。；、：（“]))[\u4e00-\u9fff]{2,3}$", text[max(0, start - 4) : start]
            )
            if county is not None and self._places[county[0]] > 1:  # a firm's own name stays whole
                start, form = start - len(county[0]), county[0] + form
        section = _SECTION.match(text, end)
        stop = section.end() if section and section.end() > end and not form.endswith("办公室") else end
        firm = _is_firm(form)
        found.append(Mention(form, passage, start, end, firm, stop, bool(m["own"] and m["county"])))
        taken[start:stop] = b"\1" * (stop - start)

    def _park_prefix(self, text: str, start: int, form: str) -> tuple[int, str]:
        if not re.search(r"(?:园区|开发区|经开区|高新区|集中区|集聚区)", form):
            return start, form
        m = re.search(rf"{_X}$", text[max(0, start - 4) : start])
        return (start - len(m[0]), m[0] + form) if m else (start, form)

    def _longer(self, text: str, end: int, form: str) -> tuple[int, str]:
        """A name cut at an inner ending goes on: 工业园区管委会, 领导小组办公室, 集团有限公司."""
        m = re.compile(
            r"(?:管理委员会|管委会|有限责任公司|有限公司|股份有限公司|委员会办公室|(?<=委员会)办公室|(?<=领导小组)办公室|(?<=专班)办公室|(?<=联席会议)办公室)"
        ).match(text, end)
        if m and not form.endswith(m.group()):
            return m.end(), form + m.group()
        squad = _SQUAD.match(text, end) if form.endswith(("局", "委")) else None
        squad = squad or (_BRANCH.match(text, end) if form.endswith("局") else None)
        return (squad.end(), form + squad.group()) if squad else (end, form)

    def _own_form(self, m: re.Match[str]) -> str:
        """A firm's own name and the legal name of a tax office stay whole; others lose county and 中共."""
        form = m["own"]
        if form.startswith("国家税务总局") or _is_firm(form):
            return form
        form = form[len(m["county"] or "") :]
        return form[1:] if form.endswith("街道办事处") else form

    def _is_higher(self, text: str, start: int) -> bool:
        """Whether a name belongs to a body of a higher or another place: 市发改委, XX市财政局."""
        return (
            bool(self._higher.search(text[max(0, start - 3) : start]))
            and text[start : start + 1] != self.sign
        )

    def _take_town(self, passage: Passage, m: re.Match[str], taken: bytearray, found: list[Mention]) -> None:
        text = passage.text
        start, end = m.span()
        while start < end and taken[start]:
            start += 1
        if start >= end or any(taken[start:end]) or start >= m.end("name"):
            return
        if not m["body"] and text[end : end + 1] and text[end] in _TOWN_NOT_AFTER[m["end"]]:
            return
        name = text[start : m.end("name")]
        if m["end"] == "街道" and len(name) < 2:
            return  # 沿街道, 老街道
        name = self._town_name(name, clear=not start or text[start - 1] in "、，。；：（《“")
        if not name or _NO_TOWN.search(name) or self._in_firm(text, end, taken):
            return
        start = m.end("name") - len(name)
        form = name + m["end"] + (m["body"] or "")
        if m["body"] in ("党委", "党工委", "党委政府"):
            form = name + m["end"]
        found.append(Mention(form, passage, start, end, False, end))
        taken[start:end] = b"\1" * (end - start)

    def _in_firm(self, text: str, end: int, taken: bytearray) -> bool:
        """古镇旅游开发有限公司: the town is part of a firm's name."""
        firm = re.compile(r"[\u4e00-\u9fff]{2,12}?有限(?:责任)?公司").match(text, end)
        return firm is not None and not any(taken[end : firm.end()]) and not _STRONG.search(firm[0])

    def _town_name(self, name: str, *, clear: bool) -> str:
        stripped = self._strip(name)
        if stripped != name and stripped:
            return "" if len(stripped) > 4 else stripped
        for size in (6, 5, 4, 3, 2):
            if name[-size:] in self._towns:
                return name[-size:]
        if re.search(rf"{_X}$", name):
            match = re.search(rf"{_X}$", name)
            return match[0] if match else ""
        if (
            name[-1] in "下返回归还离出入进着了过是跟没"
            or re.fullmatch("[一二三四五六七八九十两几各多]*个别?|[\u4e00-\u9fff]{1,3}区", name)
            or _GENERIC_TOWN.fullmatch(name)
            or name[0] == "村"
            or name[-1] in "全各本我该每"
        ):
            return ""
        if clear and len(name) <= 3 and not re.match(r"[对向在由与和及从到至按以各]", name):
            return name
        if len(name) <= 2:
            return name if not re.fullmatch(r"[对向在由各与和及]?.", name) or name in self._towns else ""
        cuts = [m.end() for m in _SPLIT.finditer(name)]
        for size in (2, 3):
            if len(name) - size in cuts:
                return name[-size:]
        return name if len(name) == 3 and not cuts else ""

    def _take_loose(self, passage: Passage, taken: bytearray, found: list[Mention]) -> None:
        text = passage.text
        at = 0
        for piece in re.finditer(r"[\u4e00-\u9fffXx×A-Z*（）]+", text):
            at = piece.start()
            while at < piece.end():
                m = self._loose.search(text, at, piece.end())
                if not m:
                    break
                at = max(m.end(), at + 1)
                self._take_one_loose(passage, m, taken, found)

    def _take_one_loose(
        self, passage: Passage, m: re.Match[str], taken: bytearray, found: list[Mention]
    ) -> None:
        text = passage.text
        start, end = m.span()
        free = [i for i in range(start, end) if taken[i]]
        if free:
            start = free[-1] + 1
        if start >= end or end - start < 3:
            return
        name = text[start:end]
        cuts = [c.end() for c in _STRONG.finditer(name, 0, len(name) - 2)]
        if cuts:
            start += cuts[-1]
            name = text[start:end]
        if (free or len(name) > 5) and name[:1] in "和与及":
            start, name = start + 1, name[1:]
        if not m["firm"] and re.search("[和与及]", name[1:]):
            return
        if len(name) < 3 or not _is_name(name) or self._is_higher(text, start):
            return
        found.append(Mention(name, passage, start, end, bool(m["firm"]), end))
        taken[start:end] = b"\1" * (end - start)


_NO_TOWN = re.compile(r"(?<!^)[和与及]|[着没跟把被给]|部门|单位|[多少]数|不少|一些|有些|许多|大量")
_NO_NAME = re.compile(
    r"^(?:中小|[一二三四五六七八九十两几多]+[所家个]|所|城区|农村|下设|全资|控股|参股|附属|寄宿制|外地|第三方|镇|乡|乡镇|村|大中小|辖区|驻地|各|该|本|我|全|某(?!某)|有关|相关|子|分|母|总|上市|国有|民营|县属|县管|市属|区属|国企|物业|担保|企业|集团|所属|下属|商业|金融|平台|地方|村镇|两家|多家|一家|和|与|及|其他|其余|部分|个别|大型|银行|公司|中小|几家|入驻|外地|外包|施工|第三方审计|第三方|代理|中介|劳务|监理|劳动|保险|国有企业|县级|市级|区级|乡级|三级|二级|一级|开展|建立|强化|推动|引导|乡镇|中心|县|基层|定点|民办|公办|公立)+(?:集团|公司|有限公司|银行|支行|医院|中学|小学|幼儿园|学校|卫生院|产业园|园区|工业园区|子公司|分公司|高新区|经开区|总公司|集团公司)$"
)


def _is_firm(form: str) -> bool:
    return bool(re.search(rf"(?<!教育)(?<!办学)(?<!医疗){_FIRM_END}$", form))


def _is_name(name: str) -> bool:
    if name.endswith("中小学") or _NO_NAME.match(name) or re.search(r"[，。；：、各]|中级人民法院", name):
        return False
    return name.count("（") == name.count("）")


_NEEDS_PREFIX = re.compile(
    r"园区|开发区|经开区|高新区|集中区|集聚区|产业园|银行|行$|供销|信用|农信|联社|公司|大厅|^总工会$|^工会$"
)
_SHORT = re.compile(r"（(?:以下|下)?(?:简称|称|统称)[:：]?[“\"]?([\u4e00-\u9fffXx×A-Za-z]{2,16})[”\"]?）")
_OLD = re.compile(
    r"（(?:原|原名|原称|曾用名|现|现为|现名|更名为|即)[:：]?[“\"]?([\u4e00-\u9fffXx×A-Za-z]{2,18}?)[”\"]?）"
)


# 县商务和投资促进局即原县商务局，以下简称商投局; 县数据资源管理局由原县大数据中心改设
_RENAMED = re.compile(
    r"（?(?:(?:即原|原为|原名|曾用名|前身[是为]|（原)(?P<old>[\u4e00-\u9fff]{2,18}?)|由原?(?P<made>[\u4e00-\u9fff]{2,18}?)(?:改设|更名|改制|改建|组建|转设)(?:而来|而成)?)"
    r"(?=[，。；）])(?:，(?:以下)?简称“?(?P<short>[\u4e00-\u9fff]{2,16}?)”?(?=[，。；）]))?"
)
_CALLED = re.compile(r"，?(?:以下)?简称“?([\u4e00-\u9fff]{2,12}?)”?(?=[，。；）])")


def _declared(passages: list[Passage], by_passage: dict[int, list[Mention]]) -> list[tuple[str, str]]:
    """Pairs (name, other name) that the text itself declares: 以下简称, 原."""
    pairs: list[tuple[str, str]] = []
    for passage in passages:
        for pattern in (_SHORT, _OLD):
            for m in pattern.finditer(passage.text):
                before = [x for x in by_passage.get(id(passage), []) if x.end == m.start()]
                if before:
                    pairs.append((before[0].form, m[1]))
        here = by_passage.get(id(passage), [])
        for mention in here:
            if (renamed := _RENAMED.match(passage.text, mention.end)) is not None:
                names = (renamed["old"] or renamed["made"], renamed["short"])
                pairs += [(mention.form, n) for n in names if n]
            elif (called := _CALLED.match(passage.text, mention.end)) is not None:
                pairs.append((mention.form, called[1]))
        for name, other in pairwise(here):
            between, after = passage.text[name.end : other.start], passage.text[other.end : other.end + 1]
            if (between, after) == ("（", "）") and (not other.firm or len(other.form) < len(name.form)):
                pairs.append((name.form, other.form))  # 县财政局（国资局）: one body that bears two names
    return pairs


def _bodies(
    mentions: list[Mention], groups: Groups, declared: list[tuple[str, str]]
) -> tuple[list[Body], dict[str, Body]]:
    """One body a group, and the body of each name."""
    bodies: dict[str, Body] = {}
    owner: dict[str, Body] = {}
    for mention in mentions:
        body = bodies.setdefault(groups.root(mention.form), Body(mention.form))
        body.mentions.append(mention)
        body.firm = body.firm or mention.firm
        if mention.form not in body.forms:
            body.forms.append(mention.form)
        owner[mention.form] = body
    for name, other in declared:
        named = owner.get(name)
        if named is not None and other not in owner and not has_x(other):
            named.forms.append(other)
            owner[other] = named
    for body in bodies.values():
        old = {other for name, other in declared if owner.get(name) is body}
        body.name = max((f for f in body.forms if f not in old), key=len, default=body.name)
    return list(bodies.values()), owner
