"""Charts by month: columns of one series, lines of several.

Belongs here: geometry, in numbers that come out the same on every machine. The macros draw it; no
chart is without its figures as a table.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.reports.look.formats import MONTHS, Number, amount, count, month_name, short
from pipelines.reports.look.tables import Column, Table, whole_table

WIDTH, HEIGHT, TOP, BOTTOM = 640, 220, 30, 36
MOST_LABELLED, MOST_SPACIOUS = 13, 6
GUTTER = 60
STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True)
class Series:
    """One row of figures, a value for each month."""

    name: str
    values: list[Number]


@dataclass(frozen=True)
class Bar:
    """A rectangle of a series."""

    series: int
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Path:
    """The line of a series, and its last point."""

    series: int
    path: str
    end: str


@dataclass(frozen=True)
class Label:
    """A text at a place."""

    x: str
    y: str
    text: str
    css: str = ""


@dataclass(frozen=True)
class Line:
    """A line across the drawing."""

    path: str
    css: str


@dataclass
class Drawing:
    """What a chart is drawn of."""

    width: int = WIDTH
    height: int = HEIGHT
    columns: list[Bar] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Chart:
    """One series as columns by month, or up to three as lines."""

    id: str
    title: str
    months: list[str]
    series: list[Series]
    kind: str = "bv"
    note: str = ""
    query: str = ""

    @property
    def described(self) -> str:
        """The chart in words: where each series began, where it is, and its peak."""
        told = []
        for series in self.series:
            peak = max(range(len(series.values)), key=lambda at: series.values[at])
            first, last, most = (self._written(series.values[at]) for at in (0, -1, peak))
            told.append(
                f"{series.name}: {first} in {month_name(self.months[0])}, "
                f"{last} in {month_name(self.months[-1])}; "
                f"most in {month_name(self.months[peak])}, {most}."
            )
        return " ".join(told)

    def _written(self, value: Number) -> str:
        return amount(value) if self.kind == "bv" else count(int(value))

    @property
    def table(self) -> Table:
        """The chart's figures, newest month first."""
        columns = [Column("month", "Month", "month")]
        columns += [Column(f"s{at}", one.name, self.kind) for at, one in enumerate(self.series)]
        rows = [
            {"month": month} | {f"s{at}": one.values[row] for at, one in enumerate(self.series)}
            for row, month in enumerate(self.months)
        ]
        return whole_table(f"{self.id}-figures", self.title, tuple(columns), rows[::-1])

    def draw(self) -> Drawing:
        """Where everything stands."""
        drawing = Drawing()
        values = [Decimal(value) for one in self.series for value in one.values]
        step = nice_step(max(*values, Decimal(0)) - min(*values, Decimal(0)))
        low, high = min(*values, Decimal(0)), max(*values, Decimal(0))
        scale = (HEIGHT - TOP - BOTTOM) / float((high - low) or 1)
        base = HEIGHT - BOTTOM + float(low) * scale
        is_labelled = len(self.series) == 1 and len(self.months) <= MOST_LABELLED
        if not is_labelled:
            _draw_grid(drawing, step, low, high, base, scale)
        gutter = 0 if is_labelled else GUTTER
        if len(self.series) == 1:
            self._draw_columns(drawing, base, scale, gutter)
        else:
            self._draw_paths(drawing, base, scale, gutter)
        self._name_months(drawing, gutter)
        drawing.lines.append(Line(f"M0 {base:.1f}H{WIDTH}", "base"))
        return drawing

    def _draw_columns(self, drawing: Drawing, base: float, scale: float, gutter: int) -> None:
        slot = (WIDTH - gutter) / len(self.months)
        width = min(slot * 0.76, 46.0)
        for at, amount_of_month in enumerate(self.series[0].values):
            middle, value = gutter + slot * (at + 0.5), float(amount_of_month)
            top = base - max(value, 0.0) * scale
            drawing.columns.append(Bar(
                0, f"{middle - width / 2:.1f}", f"{top:.1f}", f"{width - 2:.1f}",
                f"{abs(value) * scale:.1f}",
            ))  # fmt: skip
            if not gutter:
                text = short(amount_of_month)
                drawing.labels.append(
                    Label(f"{middle:.1f}", f"{top - 6:.1f}", text, self._css_of(at))
                )

    def _draw_paths(self, drawing: Drawing, base: float, scale: float, gutter: int) -> None:
        slot = (WIDTH - gutter) / len(self.months)
        for number, series in enumerate(self.series):
            points = [
                f"{gutter + slot * (at + 0.5):.1f} {base - float(value) * scale:.1f}"
                for at, value in enumerate(series.values)
            ]
            drawing.paths.append(Path(number, f"M{'L'.join(points)}", f"M{points[-1]}h.01"))

    def _name_months(self, drawing: Drawing, gutter: int) -> None:
        slot, last = (WIDTH - gutter) / len(self.months), len(self.months) - 1
        thin = 1 + last // 12
        for at, month in enumerate(self.months):
            if (last - at) % thin == 0:
                name = month_label(month, last < MOST_SPACIOUS, at == 0)
                x = f"{gutter + slot * (at + 0.5):.1f}"
                drawing.labels.append(Label(x, f"{HEIGHT - 12}", name, self._css_of(at)))

    def _css_of(self, at: int) -> str:
        """The classes of a month's labels: the last one, and those that small windows leave out."""
        last = len(self.months) - 1
        thin = 1 + last // 12
        is_minor = last > 5 and (last - at) % (2 * thin) != 0
        return " ".join(filter(None, ("last" if at == last else "", "minor" if is_minor else "")))


def month_label(month: str, is_spacious: bool, is_first: bool) -> str:
    """A month below its column; the first one where there is room, and a January, say the year."""
    name = MONTHS[int(month[5:]) - 1][:3]
    is_january = month.endswith("-01")
    if is_spacious and (is_january or is_first):
        return f"{name} {month[:4]}"
    return month[:4] if is_january else name


def _draw_grid(
    drawing: Drawing, step: Decimal, low: Decimal, high: Decimal, base: float, scale: float
) -> None:
    at = step * int(low / step)
    while at <= high:
        y = base - float(at) * scale
        if at != 0:
            drawing.lines.append(Line(f"M{GUTTER} {y:.1f}H{WIDTH}", "grid"))
            drawing.labels.append(Label(f"{GUTTER - 8}", f"{y + 4:.1f}", short(at), "axis"))
        at += step


def nice_step(span: Decimal) -> Decimal:
    """A round distance between grid lines, about four of them over a span."""
    if span <= 0:
        return Decimal(1)
    rough = span / 4
    power = Decimal(10) ** (len(str(int(rough))) - 1 if rough >= 1 else 0)
    steps = [step * power for step in STEPS if step * power % 1 == 0]
    return next((step for step in steps if step >= rough), steps[-1])
