"""A plain book dressed as an export of another form, with the mapping that brings it back.

Belongs here: delimiters, encodings, titles, other names, formats, zones, value maps, several files,
workbooks, one file for all tables. What must hold of a dressed book is in test_mapping_laws.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import openpyxl

from pipelines.book.drops import CELLS, COLUMNS
from schemas.forms import FORMS

Rows = list[list[str]]
DATES = ("%d.%m.%Y", "%Y%m%d", "%m/%d/%Y", "%d %B %Y", "%Y/%j")
TIMES = ("%d.%m.%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%Y%m%dT%H%M%S")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "windows-1252", "latin-1")
DELIMITERS = (",", ";", "\t", "|")
CODED = ("member_type", "channel", "kind", "reason")


@dataclass
class Dress:
    """How one table is dressed; the same in all drops of a book."""

    table: str
    header: list[str]
    settings: dict[str, str | int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    parts: int = 1
    is_workbook: bool = False

    def section(self) -> str:
        """The mapping's section of the table."""
        lines = [f"[{self.table}]"]
        lines += [f"{key} = {json.dumps(value)}" for key, value in self.settings.items()]
        for name, pairs in (("columns", self.names), ("constants", self.constants),
                            ("formats", self.formats)):  # fmt: skip
            lines += [f"[{self.table}.{name}]"] * bool(pairs)
            lines += [f"{ours} = {json.dumps(theirs)}" for ours, theirs in pairs.items()]
        for column, pairs in self.values.items():
            lines.append(f"[{self.table}.values.{column}]")
            lines += [
                f"{json.dumps(theirs)} = {json.dumps(ours)}" for ours, theirs in pairs.items()
            ]
        return "\n".join(lines) + "\n"


def dress_book(book: Path, target: Path, seed: int) -> Path:
    """Write the book's dressed twin, with its mapping."""
    chance = random.Random(seed)
    drops = {path.name: _read_drop(path) for path in sorted(book.iterdir()) if path.is_dir()}
    target.mkdir(parents=True)
    for name in ("policy.toml", "calendar.csv"):
        shutil.copy(book / name, target / name)
    tables = sorted({table for tables in drops.values() for table in tables})
    dresses = [_choose(chance, table, [each[table] for each in drops.values() if table in each])
               for table in tables]  # fmt: skip
    (target / "mapping.toml").write_text("".join(dress.section() for dress in dresses))
    for month, found in drops.items():
        (target / month).mkdir()
        for own in (book / month).glob("*.toml"):
            shutil.copy(own, target / month / own.name)
        for dress in dresses:
            if dress.table in found:
                _write(chance, target / month, dress, found[dress.table])
    return target


def dress_in_sql(book: Path, target: Path, seed: int) -> Path:
    """Write the book as one file a drop, out of which queries make all tables."""
    chance = random.Random(seed)
    target.mkdir(parents=True)
    for name in ("policy.toml", "calendar.csv"):
        shutil.copy(book / name, target / name)
    names = ["what", *sorted({name for names in COLUMNS.values() for name in names})]
    (target / "mapping.toml").write_text(
        '[sources.everything]\nfile = "Export *"\ndelimiter = ";"\n'
    )
    (target / "mapping").mkdir()
    tables = set()
    for path in sorted(book.iterdir()):
        if not path.is_dir():
            continue
        found = _read_drop(path)
        tables |= set(found)
        rows = [[table, *_aligned(names[1:], header, row)]
                for table, (header, *rows) in found.items() for row in rows]  # fmt: skip
        # Only the order within a table means anything.
        chance.shuffle(blocks := [[row for row in rows if row[0] == table] for table in found])
        (target / path.name).mkdir()
        for own in path.glob("*.toml"):
            shutil.copy(own, target / path.name / own.name)
        text = _csv([names, *[row for block in blocks for row in block]], ";", '"')
        (target / path.name / "Export 1.csv").write_bytes(text.encode())
    for table in tables:
        listed = ", ".join(COLUMNS[table])
        (target / "mapping" / f"{table}.sql").write_text(
            f"select {listed}, source_file, source_line,\nfrom everything where what = '{table}'\n"
        )
    return target


def _aligned(names: list[str], header: list[str], row: list[str]) -> list[str]:
    cells = dict(zip(header, row, strict=True))
    return [cells.get(name, "") for name in names]


def _read_drop(folder: Path) -> dict[str, Rows]:
    return {
        path.name.removesuffix(".csv"): list(
            csv.reader(path.open(encoding="utf-8-sig", newline=""))
        )
        for path in sorted(folder.glob("*.csv"))
    }


def _choose(chance: random.Random, table: str, files: list[Rows]) -> Dress:
    known = [name for name in files[0][0] if name in COLUMNS[table]]
    dress = Dress(table, known)
    rows = [dict(zip(header, row, strict=True)) for header, *rows in files for row in rows]
    texts = [cell for row in rows for cell in row.values()]
    dress.is_workbook = chance.random() < 0.2 and len(rows) < 3000
    dress.parts = chance.choice((1, 1, 3))
    dress.settings["file"] = f"{table} of *" if dress.parts > 1 else f"{table} export"
    dress.settings["skip_lines"] = chance.choice((0, 0, 2))
    dress.settings["skip_footer"] = chance.choice((0, 0, 1))
    if not dress.is_workbook:
        allowed = [name for name in ENCODINGS if _can_encode("".join(texts), name)]
        dress.settings["encoding"] = chance.choice(allowed)
        dress.settings["delimiter"] = chance.choice(DELIMITERS)
        dress.settings["quote"] = chance.choice(('"', "'"))
    if all(text == text.strip() for text in texts):
        dress.settings["trim"] = chance.random() < 0.3
    for name in known:
        _dress_column(chance, dress, name, [row.get(name, "") for row in rows])
    _dress_numbers(chance, dress)
    return dress


def _can_encode(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _dress_column(chance: random.Random, dress: Dress, name: str, cells: list[str]) -> None:
    form = CELLS[dress.table][name].form
    if chance.random() < 0.6:
        dress.names[name] = f"{name.upper()} ({chance.choice('äöü,;x')})"
    codes = ("currency", "country", "code")
    if len(set(cells)) == 1 and cells[0] and form in codes and chance.random() < 0.7:
        dress.names.pop(name, None)
        dress.constants[name] = cells[0]
        return
    if form == "date" and chance.random() < 0.8:
        text = chance.choice(DATES)
        # A cell of no form stays as it is, and must not be one of the dress's by chance.
        if not any(_fits(cell, text) for cell in cells if not re.fullmatch(FORMS["date"], cell)):
            dress.formats[name] = text
    elif form == "time" and chance.random() < 0.9:
        _dress_time(chance, dress, name, cells)
    elif name in CODED and chance.random() < 0.7:
        found = sorted({cell for cell in cells if cell in CELLS[dress.table][name].allowed})
        dress.values[name] = {code: f"{code[:2].upper()} {at}" for at, code in enumerate(found)}


def _fits(cell: str, text: str) -> bool:
    try:
        datetime.strptime(cell, text)
    except ValueError:
        return False
    return True


def _dress_time(chance: random.Random, dress: Dress, name: str, cells: list[str]) -> None:
    real = [moment for cell in cells if (moment := _moment(cell)) is not None]
    has_zone = {moment.tzinfo is not None for moment in real}
    if any(moment.microsecond for moment in real) or len(has_zone) != 1:
        return
    form = chance.choice(TIMES)
    if has_zone == {True} and ("time_zone" in dress.settings or chance.random() < 0.5):
        dress.settings["time_zone"] = "UTC"
    elif has_zone == {True}:
        form += " %z"
    if has_zone == {False} and "time_zone" in dress.settings:
        return
    dress.formats[name] = form


def _moment(cell: str) -> datetime | None:
    if not re.fullmatch(FORMS["time"], cell):
        return None
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return None
    return moment if 1001 <= moment.year <= 9998 else None


def _dress_numbers(chance: random.Random, dress: Dress) -> None:
    if chance.random() < 0.6:
        dress.settings["decimal"] = ","
        dress.settings["thousands"] = chance.choice((".", " ", "'"))
        if dress.settings.get("quote") == dress.settings["thousands"]:
            dress.settings["thousands"] = "."


def _dressed(dress: Dress, name: str, cell: str) -> str:
    """A cell as the vendor has it; one that is of no form stays, and must stay of none."""
    form = CELLS[dress.table][name].form
    if name in dress.values:
        return dress.values[name].get(cell, cell)
    if name in dress.formats:
        if form == "date":
            try:
                moment = (
                    datetime.strptime(cell, "%Y-%m-%d")
                    if re.fullmatch(FORMS["date"], cell)
                    else None
                )
            except ValueError:
                moment = None
            return (
                cell
                if moment is None or moment.year < 1001
                else moment.strftime(dress.formats[name])
            )
        found = _moment(cell)
        if found is None:
            return cell
        if dress.settings.get("time_zone") == "UTC" and found.tzinfo is not None:
            found = found.astimezone(UTC)
        return found.strftime(dress.formats[name])
    if "decimal" in dress.settings and form == "decimal" and re.fullmatch(FORMS["decimal"], cell):
        whole, _, part = cell.lstrip("-").partition(".")
        sign = "-" if cell.startswith("-") else ""
        grouped = re.sub(r"(?<=\d)(?=(\d{3})+$)", str(dress.settings["thousands"]), whole)
        return f"{sign}{grouped}{',' + part if part else ''}"
    return cell


def _write(chance: random.Random, folder: Path, dress: Dress, rows: Rows) -> None:
    header, *records = rows
    kept = [at for at, name in enumerate(header)
            if name in dress.header and name not in dress.constants]  # fmt: skip
    order = random.Random(dress.table).sample(kept, len(kept))
    names = [dress.names.get(header[at], header[at]) for at in order]
    dressed = [[_dressed(dress, header[at], row[at]) for at in order] for row in records]
    cuts = sorted(chance.randrange(len(dressed) + 1) for _ in range(dress.parts - 1))
    for nr, (start, end) in enumerate(zip([0, *cuts], [*cuts, len(dressed)], strict=True)):
        part = [names, *dressed[start:end]]
        part += [["the end", *[""] * (len(names) - 1)]] * int(dress.settings["skip_footer"])
        stem = f"{dress.table} of {nr}" if dress.parts > 1 else f"{dress.table} export"
        if dress.is_workbook:
            _write_workbook(folder / f"{stem}.xlsx", part, int(dress.settings["skip_lines"]))
        else:
            text = _csv(part, str(dress.settings["delimiter"]), str(dress.settings["quote"]))
            title = "A title\r\n" * int(dress.settings["skip_lines"])
            encoding = str(dress.settings["encoding"])
            (folder / f"{stem}.csv").write_bytes((title + text).encode(encoding))


def _csv(rows: Rows, delimiter: str, quote: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quotechar=quote, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _write_workbook(path: Path, rows: Rows, skip_lines: int) -> None:
    book = openpyxl.Workbook()
    for _ in range(skip_lines):
        book.active.append(["A title"])
    for row in rows:
        book.active.append([cell or None for cell in row])
    book.save(path)
