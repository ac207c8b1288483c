"""What holds for every text: offsets, widths of signs, indifference to what does not matter, no surprises."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.extraction import Known, Reading, read
from reports.extraction.jsonform import as_json
from reports.extraction.passages import normalise
from reports.reading.document import from_text
from tests.reports.extraction.reports import figures_of, reading_of, spans_match

PIECES = (
    "县财政局 XX镇 安澜县 项目投资领域 风险岗位 风险点 关键环节 防控措施 问题 12个 3处 一百二十九 "
    "分别为 其中 高风险 一级 已整改 思想道德类 合计 未发现 一是 下一步 （ ） 《 》 “ ” 、 ， ； 。 ： "
    "一、 （一） 1. 86% 2023年8月10日 密码：ab12 等单位 案例 近 余 和 由 会同 公司 局"
)
WORDS = st.sampled_from([*PIECES.split(), "\n", "\t", "\u3000", " "])
ODD = st.text(max_size=300)
BODY = (
    "一、排查情况\n2023年8月10日，发至县财政局、东山镇等26个单位。共排查风险岗位108个、风险点129处，"
    "其中高风险12处、低风险117处。\n二、整改措施\n（一）规范权力。县财政局修订《办法》。\n三、下一步打算\n（一）强化督查。跟踪问效。"
)


def facts(reading: Reading) -> dict[str, object]:
    """The facts without their places."""
    form = as_json(reading)
    for key in ("text", "stated", "ignored"):
        del form[key]
    for value in form.values():
        for one in value if isinstance(value, list) else ():
            for key in ("start", "end", "quote", "text"):
                one.pop(key, None)
    return form


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=60).map("".join))
def test_offsets_match_whatever_is_written(text: str) -> None:
    reading = read(from_text(text))
    assert spans_match(reading)
    assert len(reading.text) == len(text)
    json.dumps(as_json(reading), ensure_ascii=False)


@settings(max_examples=100, deadline=None)
@given(ODD)
def test_odd_text_never_raises(text: str) -> None:
    assert spans_match(read(from_text(text)))


@given(ODD)
def test_normalising_keeps_every_place(text: str) -> None:
    assert len(normalise(text)) == len(text)


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(["会议认为，成绩来之不易。", "天气转凉，请注意保暖。", "营商环境是生命线。"]),
    st.integers(0, 2),
)
def test_an_unrelated_paragraph_changes_nothing(paragraph: str, place: int) -> None:
    lines = BODY.split("\n")
    at = [2, 4, 6][place]
    changed = "\n".join([*lines[:at], paragraph, *lines[at:]]) if at < 6 else BODY
    assert facts(reading_of(changed)) == facts(reading_of(BODY))


def test_full_and_half_width_are_one() -> None:
    wide = BODY.translate({ord("0") + i: ord("０") + i for i in range(10)})
    narrow = (
        BODY.replace("，", ",").replace("：", ":").replace("（", "(").replace("）", ")").replace("；", ";")
    )
    assert facts(reading_of(wide)) == facts(reading_of(BODY)) == facts(reading_of(narrow))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 5000), st.integers(0, 5000))
def test_any_number_is_read_as_it_stands(posts: int, points: int) -> None:
    assert figures_of(f"共排查风险岗位{posts}个、风险点{points:,}处。") == {
        ("total", None, "post", posts),
        ("total", None, "point", points),
    }


def test_knowing_more_loses_nothing() -> None:
    known = Known(units=(("县财政局", ("财政局",)), ("东山镇", ())), domains=("项目投资",))
    assert facts(reading_of(BODY, known=known)) == facts(reading_of(BODY))


def test_a_long_text_is_read() -> None:
    reading = read(from_text((BODY + "\n") * 400))
    assert reading.figures
