"""The chart of the summary: stacked bars per requirement."""

from __future__ import annotations

from typing import Any

from openpyxl.chart import BarChart, Reference, Series
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun

from auditor.workpaper import Column

# Series in stacking order: column of the summary, title, fill, colour of its numbers. Strong fills, since bars carry no
# words.
SERIES = (
    ("plain", "Pass", "2E8B57", "FFFFFF"),
    ("open", "Pass, open points", "7FB8C4", "000000"),
    ("failed", "Fail", "C0392B", "FFFFFF"),
    ("inconclusive", "Inconclusive", "E0A800", "000000"),
)
WIDTH_CM = 26.0
# Title above the bars, numbers and legend below them.
ABOVE_CM, PER_BAR_CM, BELOW_CM, HIGH_CM = 1.3, 0.75, 1.9, 40.0


def stacked_bars(sheet: Any, columns: tuple[Column, ...], first: int, last: int) -> Any:
    """A chart over the rows ``first`` to ``last`` of the summary."""
    names = [column.name for column in columns]
    chart: Any = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "stacked", 100, 45
    chart.title = _title("Findings per requirement (number of findings)")
    chart.style = 2
    for name, title, fill, ink in SERIES:
        column = names.index(name) + 1
        series = Series(
            Reference(sheet, min_col=column, min_row=first, max_row=last),
            title=title,
        )
        series.graphicalProperties = GraphicalProperties(solidFill=fill, ln=LineProperties(noFill=True))
        series.dLbls = DataLabelList(
            showVal=True, showSerName=False, showCatName=False, showLegendKey=False, showPercent=False
        )
        series.dLbls.txPr = RichText(
            p=[Paragraph(pPr=ParagraphProperties(defRPr=_character(900, ink)), endParaRPr=CharacterProperties())]
        )
        series.dLbls.numFmt = "#,##0;;"  # no label on an empty bar
        chart.series.append(series)
    chart.set_categories(Reference(sheet, min_col=1, min_row=first, max_row=last))
    chart.y_axis.scaling.min = 0
    chart.y_axis.number_format = "#,##0"
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="D0D7DE"))
    chart.x_axis.scaling.orientation = "maxMin"  # the first requirement on top,
    chart.y_axis.crosses = "max"  # the numbers at the bottom all the same
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.legend.position = "b"
    chart.width = WIDTH_CM
    chart.height = min(HIGH_CM, ABOVE_CM + BELOW_CM + PER_BAR_CM * (last - first + 1))
    above, below = ABOVE_CM / chart.height, BELOW_CM / chart.height
    place = ManualLayout(xMode="edge", yMode="edge", x=0.14, y=above, w=0.82, h=1 - above - below)
    chart.layout = Layout(place)
    return chart


def _character(size: int, colour: str) -> CharacterProperties:
    return CharacterProperties(sz=size, b=True, solidFill=colour)


def _title(text: str) -> Title:
    """A title in the size of a heading; the default is larger than the sheet's own title."""
    properties = _character(1100, "1F3864")
    run = RegularTextRun(rPr=properties, t=text)
    return Title(
        tx=Text(rich=RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=properties), r=[run])])), overlay=False
    )
