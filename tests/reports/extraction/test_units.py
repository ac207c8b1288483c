"""Named bodies, their names and their part in a report."""

import pytest

from reports.extraction import Known
from tests.reports.extraction.reports import reading_of

SIGNED = "\n安澜县纪委监委\n2024年3月1日"


def units_of(body: str, *, known: Known | None = None) -> dict[str, tuple[tuple[str, ...], str]]:
    reading = reading_of(body + SIGNED, known=known)
    return {u.name: (u.aliases, u.role) for u in reading.units}


def test_the_county_and_the_party_in_front_are_dropped_and_make_no_alias() -> None:
    units = units_of("一、整改\n（一）规范管理。安澜县财政局修订制度。中共安澜县委办公室公开流程。")
    assert units["县财政局"] == ((), "participant")
    assert "县委办公室" in units


def test_short_and_old_names_are_aliases() -> None:
    body = "一、整改\n（一）规范管理。县卫生健康局完善流程。县卫健局公开信息。"
    body += "县应急管理局（原县安监局）建立台账。"
    units = units_of(body)
    assert units["县卫生健康局"][0] == ("县卫健局",)
    assert units["县应急管理局"][0] == ("县安监局",)


def test_a_firm_keeps_its_whole_name() -> None:
    body = "一、整改\n（一）管住物资。安澜县自来水有限公司修订办法。自来水公司公开招标。"
    assert units_of(body)["安澜县自来水有限公司"] == (("自来水公司",), "participant")


def test_hidden_names_are_never_joined() -> None:
    body = "一、整改\n（一）管住物资。XX公司公开招标。XX森担保公司修订办法。XX镇公示清单。"
    assert {"XX公司", "XX森担保公司", "XX镇"} <= set(units_of(body))


def test_hidden_names_are_not_matched_to_what_is_known() -> None:
    known = Known(units=(("安澜县城投公司", ("XX公司",)),))
    assert "XX公司" in units_of("一、整改\n（一）管住物资。XX公司公开招标。", known=known)


def test_known_aliases_join_names() -> None:
    known = Known(units=(("县招商中心", ("县投资服务中心",)),))
    body = "一、整改\n（一）优化服务。县招商中心公开流程。县投资服务中心完善台账。"
    assert ("县投资服务中心",) in [aliases for aliases, _ in units_of(body, known=known).values()] or (
        "县招商中心",
    ) in [aliases for aliases, _ in units_of(body, known=known).values()]


@pytest.mark.parametrize(
    "word", ["有关部门", "各单位", "市财政局", "省发展和改革委员会", "各乡镇", "财务股", "局办公室"]
)
def test_what_is_no_unit(word: str) -> None:
    assert set(units_of(f"一、整改\n（一）规范管理。按照{word}要求完善台账。")) == {"县纪委监委"}


def test_two_hospitals_stay_two() -> None:
    body = "一、整改\n（一）规范管理。县人民医院完善流程。县中医院公开信息。"
    assert {"县人民医院", "县中医院"} <= set(units_of(body))


def test_roles() -> None:
    body = (
        "县委巡察办：\n2024年1月5日，县纪委监委会同县审计局印发通知，发至县财政局、东山镇等26个单位。\n"
        "一、存在问题\n县水利局、西河乡排查滞后。\n二、下一步工作\n由县司法局开展督查。"
    )
    roles = {name: role for name, (_, role) in units_of(body).items()}
    assert roles == {
        "县委巡察办": "addressee",
        "县纪委监委": "issuer",
        "县审计局": "issuer",
        "县财政局": "participant",
        "东山镇": "participant",
        "县水利局": "mentioned",
        "西河乡": "mentioned",
        "县司法局": "mentioned",
    }
