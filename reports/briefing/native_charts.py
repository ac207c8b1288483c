"""Charts as Office draws them: editable, with their data beside them, and told apart without colour.

python-pptx writes a chart's XML and its workbook; slides take them as they are, and a Word file takes the
same parts, since both formats share DrawingML (ECMA-376, part 1, 21.2).
"""

from __future__ import annotations

from typing import Any

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml as parse_word
from docx.oxml.ns import nsdecls
from docx.shared import Length, Mm
from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.chart.xlsx import CategoryWorkbookWriter
from pptx.chart.xmlwriter import ChartXmlWriter
from pptx.enum.chart import XL_CHART_TYPE

from reports.briefing.shapes import Chart

C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

KIND = XL_CHART_TYPE.BAR_STACKED
# (foreground, background, pattern): shades of one blue that stay apart on a black-and-white printer.
FILLS = (
    ("14386B", "14386B", "pct90"),
    ("14386B", "FFFFFF", "wdUpDiag"),
    ("14386B", "FFFFFF", "pct20"),
    ("14386B", "FFFFFF", "lgCheck"),
)
# Whole numbers, and nothing where there is none.
LABELS = "0;;;"
# Up to so many, the scale goes by ones.
SMALL = 10


def data_of(chart: Chart) -> CategoryChartData:
    """The chart's numbers as python-pptx wants them. Bars are drawn from below, so the first comes last."""
    data = CategoryChartData(number_format="0")  # type: ignore[no-untyped-call]
    data.categories = list(reversed(chart.categories))
    for series in chart.series:
        data.add_series(series.name, list(reversed(series.values)))  # type: ignore[no-untyped-call]
    return data


def style(space: Any, chart: Chart, *, size: int) -> None:
    """Give a chart's XML its title, patterns, numbers on the bars and `size` in hundredths of a point."""
    for number, series in enumerate(space.iter(f"{{{C}}}ser")):
        old = series.find(f"{{{C}}}spPr")
        if old is not None:
            series.remove(old)
        series.find(f"{{{C}}}tx").addnext(_fill(*FILLS[number % len(FILLS)]))
        invert = series.find(f"{{{C}}}invertIfNegative")
        if invert is None:
            invert = series.find(f"{{{C}}}spPr")
        for label in series.findall(f"{{{C}}}dLbls"):
            series.remove(label)
        invert.addnext(_labels(size))
    space.find(f"{{{C}}}chart").insert(0, _title(chart, size))
    told = space.find(f"{{{C}}}chart/{{{C}}}autoTitleDeleted")
    told.set("val", "0")
    _legend(space)
    _axes(space, chart)
    for old in space.findall(f"{{{C}}}txPr"):
        space.remove(old)
    place = space.find(f"{{{C}}}chart")
    place.addnext(_text_properties(size))


def _fill(front: str, back: str, pattern: str) -> Any:
    return etree.fromstring(
        f'<c:spPr xmlns:c="{C}" xmlns:a="{A}"><a:pattFill prst="{pattern}">'
        f'<a:fgClr><a:srgbClr val="{front}"/></a:fgClr>'
        f'<a:bgClr><a:srgbClr val="{back}"/></a:bgClr></a:pattFill>'
        f'<a:ln w="6350"><a:solidFill><a:srgbClr val="14386B"/></a:solidFill></a:ln></c:spPr>'
    )


def _labels(size: int) -> Any:
    """Numbers on a white ground, so that they can be read over any pattern."""
    return etree.fromstring(
        f'<c:dLbls xmlns:c="{C}" xmlns:a="{A}"><c:numFmt formatCode="{LABELS}" sourceLinked="0"/>'
        f'<c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill></c:spPr>'
        f'<c:txPr><a:bodyPr lIns="12700" tIns="0" rIns="12700" bIns="0"/><a:lstStyle/><a:p><a:pPr>'
        f'<a:defRPr sz="{size - 100}"><a:solidFill><a:srgbClr val="000000"/></a:solidFill></a:defRPr></a:pPr>'
        f'<a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
        f'<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        f'<c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
    )


def _title(chart: Chart, size: int) -> Any:
    title = etree.fromstring(
        f'<c:title xmlns:c="{C}" xmlns:a="{A}"><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:pPr>'
        f'<a:defRPr sz="{size + 200}" b="1"/></a:pPr><a:r><a:rPr lang="zh-CN" sz="{size + 200}" b="1"/>'
        f'<a:t/></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>'
    )
    title.find(f".//{{{A}}}t").text = f"{chart.title}（{chart.unit}）"
    return title


def _legend(space: Any) -> None:
    body = space.find(f"{{{C}}}chart")
    legend = body.find(f"{{{C}}}legend")
    if legend is None:
        legend = etree.fromstring(
            f'<c:legend xmlns:c="{C}"><c:legendPos val="b"/><c:overlay val="0"/></c:legend>'
        )
        body.find(f"{{{C}}}plotArea").addnext(legend)


def _axes(space: Any, chart: Chart) -> None:
    """Every bar is named, and the scale counts whole things."""
    names, scale = space.find(f".//{{{C}}}catAx"), space.find(f".//{{{C}}}valAx")
    skip = etree.Element(f"{{{C}}}tickLblSkip", {"val": "1"})
    names.find(f"{{{C}}}noMultiLvlLbl").addprevious(skip)
    longest = max((sum(values) for values in zip(*(s.values for s in chart.series), strict=True)), default=0)
    if longest <= SMALL:
        old = scale.find(f"{{{C}}}majorUnit")
        if old is not None:
            scale.remove(old)
        etree.SubElement(scale, f"{{{C}}}majorUnit", {"val": "1"})


def _text_properties(size: int) -> Any:
    return etree.fromstring(
        f'<c:txPr xmlns:c="{C}" xmlns:a="{A}"><a:bodyPr/><a:lstStyle/><a:p>'
        f'<a:pPr><a:defRPr sz="{size}"/></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
    )


def height_of(chart: Chart) -> Length:
    """Tall enough that no bar's name is left out."""
    return Mm(42 + 9 * len(chart.categories))


def add_to_word(document: Any, paragraph: Any, chart: Chart, number: int) -> None:
    """Set a chart, with its workbook, into a paragraph of a python-docx document. `number` counts from 1."""
    data, package = data_of(chart), document.part.package
    space = etree.fromstring(ChartXmlWriter(KIND, data).xml.encode())  # type: ignore[no-untyped-call]
    style(space, chart, size=1000)
    for old in space.findall(f"{{{C}}}externalData"):
        space.remove(old)
    workbook = Part(
        PackURI(f"/word/embeddings/Microsoft_Excel_Sheet{number}.xlsx"),
        CONTENT_TYPE.SML_SHEET,
        CategoryWorkbookWriter(data).xlsx_blob,  # type: ignore[no-untyped-call]
        package,
    )
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, b"", package)
    key = part.relate_to(workbook, RELATIONSHIP_TYPE.PACKAGE)
    external = etree.SubElement(space, f"{{{C}}}externalData", {f"{{{R}}}id": key})
    etree.SubElement(external, f"{{{C}}}autoUpdate", {"val": "0"})
    part._blob = etree.tostring(space, xml_declaration=True, encoding="UTF-8", standalone=True)
    place = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    paragraph.add_run()._r.append(_drawing(chart, place, number))


def _drawing(chart: Chart, place: str, number: int) -> Any:
    frame = parse_word(
        f'<w:drawing {nsdecls("w", "wp", "a", "r")}><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{Mm(156)}" cy="{height_of(chart)}"/>'
        f'<wp:docPr id="{100 + number}" name="图表{number}"/>'
        f'<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="{C}">'
        f'<c:chart xmlns:c="{C}" r:id="{place}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )
    frame.find(".//{*}docPr").set("descr", f"{chart.title}，数字见附表")
    return frame
