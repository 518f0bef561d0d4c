"""Ways in which a book's files are spoiled, each of them a kind for `fuzz_inputs`.

Belongs here: what people, spreadsheets, disks and strangers do to exports. What must hold whatever
they do is said in `fuzz_inputs`.
"""

from __future__ import annotations

import gzip
import os
import random
import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from small_book import VALID, full_drop, row

MONTH = "2020-01"
NASTY = [
    "", " ", "\0", "\n", "\r", '"', "'", ",", ";", "\t", "\x1b[31m", "\u202e", "\U0001f600", "ü",
    "\ufeff", "\x85", "\u2028", "-1", "0", "1e5", "1E400", "nan", "inf", "-0.00", "1.005", "１２",
    "999999999999.99", "1000000000000.00", "9" * 400, "0x10", "2147483648", "999999999",
    "2020-02-30", "0000-01-01", "9999-12-31", "1900-01-01", "2199-12-31", "2020-01-10T24:00",
    "2020-01-10T12:00:60Z", "2020-01-10T12:00+25:00", "2020-03-29T02:30", "2020-10-25T02:30",
    "true", "TRUE", "null", "NULL", "NA", "None", "=1+1", "@SUM(A1)", "'; drop table members; --",
    "../../etc/passwd", "M1", "M1 ", "m1", "O1", "x" * 5000, "a@b.c", "a@b", "É@x.com", "NL", "nl",
]  # fmt: skip
TEXTS = ["Größe", "naïve café", "Łódź", "日本", "Ω", "Kim “Kiki” Dam", "O’Neil", "50 €"]


@dataclass(frozen=True)
class Spoiler:
    """A book to be spoiled, and the chance that says how."""

    chance: random.Random
    book: Path

    @property
    def folder(self) -> Path:
        """The drop."""
        return self.book / MONTH

    def any_table(self) -> Path:
        """A table's file."""
        files = [path for path in sorted(self.folder.iterdir()) if path.name.endswith(".csv")]
        # Members and orders are what everything hangs on.
        return self.chance.choice([*files, *files[:1], self.folder / "orders.csv"])

    def any_file(self) -> Path:
        """Any file of the book."""
        return self.chance.choice(
            [self.any_table(), self.book / "policy.toml", self.book / "calendar.csv"]
        )

    def any_place(self, length: int) -> int:
        """A place in something so long, its ends now and then."""
        return self.chance.choice([0, length, *(self.chance.randint(0, length) for _ in "......")])


def lines_of(path: Path) -> list[str]:
    """A file's lines without their ends."""
    return path.read_text(encoding="utf-8").split("\n")


def write_lines(path: Path, lines: list[str], end: str = "\n") -> None:
    """A file of these lines."""
    path.write_text(end.join(lines), encoding="utf-8", newline="")


def spoil_bytes(at: Spoiler) -> None:
    """Bytes are changed, put in or taken out."""
    path = at.any_file()
    data = bytearray(path.read_bytes())
    for _ in range(at.chance.choice([1, 1, 2, 8])):
        place = at.any_place(len(data))
        some = bytes(at.chance.choices(range(256), k=at.chance.randint(0, 6)))
        data[place : place + at.chance.randint(0, 6)] = some
    path.write_bytes(data)


def cut_file(at: Spoiler) -> None:
    """The end is missing, or is all zero."""
    path = at.any_file()
    data = path.read_bytes()
    end = at.chance.randint(0, len(data))
    zeros = at.chance.choice([0, 0, len(data) - end, 5000])
    path.write_bytes(data[:end] + bytes(zeros))


def change_encoding(at: Spoiler) -> None:
    """A file with letters of its own is written in another encoding."""
    path = at.any_file()
    text = path.read_text(encoding="utf-8").replace("Ann", at.chance.choice(TEXTS))
    if at.chance.random() < 0.3:
        text = text.replace("name", at.chance.choice(TEXTS), 1)
    encoding = at.chance.choice(
        ["latin-1", "cp1252", "cp850", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig",
         "shift-jis", "utf-7", "mac-roman"]
    )  # fmt: skip
    path.write_bytes(text.encode(encoding, "replace"))


def change_delimiter(at: Spoiler) -> None:
    """Cells are divided by something else, everywhere or in some lines."""
    path = at.any_table()
    other = at.chance.choice([";", "\t", "|", ":", " ", ", ", "||"])
    is_all = at.chance.random() < 0.7
    lines = [
        line.replace(",", other) if is_all or at.chance.random() < 0.5 else line
        for line in lines_of(path)
    ]
    write_lines(path, lines)


def put_quotes(at: Spoiler) -> None:
    """Quotes stand where they should not, or not where they should."""
    path = at.any_table()
    text = path.read_text(encoding="utf-8")
    for _ in range(at.chance.randint(1, 5)):
        place = at.any_place(len(text))
        text = text[:place] + at.chance.choice(['"', '""', '"a"b', ',"', '",', "'"]) + text[place:]
    path.write_text(text, encoding="utf-8", newline="")


def put_titles(at: Spoiler) -> None:
    """Something stands above the header or below the rows."""
    path = at.any_table()
    some = ["Sales by customer", "January 2020", "", ",,,,", '"Total","12,5"', "a,b", "\ufeff", "#"]
    lines = lines_of(path)
    above = at.chance.choices(some, k=at.chance.randint(0, 4))
    below = at.chance.choices(some, k=at.chance.randint(0, 3))
    write_lines(path, [*above, *lines, *below], at.chance.choice(["\n", "\r\n", "\r"]))


def change_header(at: Spoiler) -> None:
    """Names are missing, doubled, empty, of another case, or misspelt."""
    path = at.any_table()
    lines = lines_of(path)
    names = lines[0].split(",")
    for _ in range(at.chance.randint(1, 4)):
        place = at.chance.randrange(len(names))
        name = names[place]
        names[place] = at.chance.choice(
            [name.upper(), name.title(), f" {name}", "", name[1:], name.replace("_", " "),
             at.chance.choice(names), "x" * at.chance.choice([1, 200, 70000]), '"', "\x1b[2J"]
        )  # fmt: skip
    if at.chance.random() < 0.2:
        names.pop()
    lines[0] = ",".join(names)
    if at.chance.random() < 0.1:
        lines = lines[1:]
    write_lines(path, lines)


def change_width(at: Spoiler) -> None:
    """Records have cells too many or too few, or are empty."""
    path = at.any_table()
    lines = lines_of(path)
    for _ in range(at.chance.randint(1, 4)):
        place = at.chance.randint(0, len(lines))
        width = lines[0].count(",")
        lines.insert(
            place,
            at.chance.choice(
                ["", " ", "," * width, "," * (width + 1), "," * 3, '""', "\r", "x", "x," * 40,
                 lines[-2] + ",", '"a\nb",' + lines[-2]]
            ),
        )  # fmt: skip
    write_lines(path, lines)


def change_cells(at: Spoiler) -> None:
    """Cells hold what nobody expects."""
    tables = at.chance.sample(sorted(VALID), k=at.chance.randint(1, 4))
    rows = {}
    for table in tables:
        rows[table] = [row(table) for _ in range(at.chance.choice([1, 2, 12]))]
        for cells in rows[table]:
            for name in at.chance.sample(sorted(cells), k=at.chance.randint(1, 2)):
                cells[name] = at.chance.choice(NASTY)
    for name, content in full_drop(**rows).items():
        data = content if isinstance(content, bytes) else content.encode()
        (at.folder / name).write_bytes(data)


def pack(at: Spoiler) -> None:
    """A file is packed, is packed badly, or only says that it is."""
    path = at.any_table()
    data = path.read_bytes()
    packed = bytearray(gzip.compress(data))
    how = at.chance.randrange(6)
    if how == 1:
        packed[at.chance.randrange(len(packed))] ^= 1 << at.chance.randrange(8)
    elif how == 2:
        packed = packed[: at.chance.randrange(len(packed))]
    elif how == 3:
        packed += at.chance.randbytes(8)
    elif how == 4:
        packed = bytearray(data)
    path.unlink()
    name = path.name if how == 5 else f"{path.name}.gz"
    (path.parent / name).write_bytes(packed)


def to_parquet(at: Spoiler) -> None:
    """A table is a Parquet file, of any types, whole or not."""
    path = at.any_table()
    frame = pyarrow.csv.read_csv(path)
    columns = {}
    for name in frame.column_names:
        column = frame[name]
        kind = at.chance.choice([None, pa.string(), pa.float64(), pa.int64(), pa.binary()])
        try:
            columns[name] = column if kind is None else column.cast(kind)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            columns[name] = at.chance.choice(
                [column, pa.nulls(len(column)), pa.array([["a"]] * len(column))]
            )
    path.unlink()
    target = path.with_suffix(".parquet")
    pq.write_table(pa.table(columns), target)
    data = bytearray(target.read_bytes())
    for _ in range(at.chance.choice([0, 0, 1, 3])):
        data[at.chance.randrange(len(data))] = at.chance.randrange(256)
    target.write_bytes(data[: at.chance.choice([len(data)] * 3 + [at.chance.randrange(len(data))])])


def put_other_file(at: Spoiler) -> None:
    """A file is of another kind than its name says."""
    heads = [
        b"PK\x03\x04\x14\0\6\0", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-1.7\n", b"PAR1",
        b"<html><table><tr><td>", b"<?xml version='1.0'?>", b'{"orders": []}', b"[]", b"\x1f\x8b",
        b"SQLite format 3\0", b"BZh91AY", b"\x89PNG\r\n", b"7z\xbc\xaf\x27\x1c", b"\x7fELF",
    ]  # fmt: skip
    path = at.any_file()
    ending = at.chance.choice([".csv", ".csv", ".csv.gz", ".parquet", ".xlsx"])
    if path.parent == at.folder:
        path.unlink()
        path = path.with_suffix(ending)
    path.write_bytes(at.chance.choice(heads) + at.chance.randbytes(at.chance.choice([0, 50, 5000])))


def put_no_file(at: Spoiler) -> None:
    """In a file's or the drop's place stands a pipe, a device, a folder, a link to nowhere."""
    path = at.chance.choice(
        [at.any_file(), at.any_file(), at.folder / "policy.toml", at.folder / "mapping.toml",
         at.book / "mapping.toml", at.book / "mapping", at.folder, at.folder / "more.csv"]
    )  # fmt: skip
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    how = at.chance.randrange(7)
    if how == 0:
        os.mkfifo(path)
    elif how == 1:
        path.mkdir()
    elif how == 2:
        with socket.socket(socket.AF_UNIX) as here:
            here.bind(f"/proc/self/fd/{os.open(path.parent, os.O_RDONLY)}/{path.name}")
    else:
        targets: list[str | Path] = ["nowhere", path.name, "/dev/zero", at.book]
        path.symlink_to(targets[how - 3])


def change_names(at: Spoiler) -> None:
    """Files are called something else, or there are more of them."""
    for _ in range(at.chance.randint(1, 3)):
        path = at.any_table()
        if not path.exists():
            continue
        stem = path.stem
        name = at.chance.choice(
            [f"{stem}.CSV", f"{stem.title()}.csv", f"{stem}.txt", f"{stem} (1).csv", f"{stem}.xls",
             f"{stem}_2020-01.csv", f"{stem[:-1]}.csv", f"{stem}.csv.zip", f"~${stem}.xlsx",
             "README.md", "a\nb\x1b[31m.csv", "x" * 240, ".hidden", f"{stem}.csv.gz", "-h.csv"]
        )  # fmt: skip
        if name == path.name:  # it was called so a moment ago
            continue
        if at.chance.random() < 0.5:
            shutil.copyfile(path, path.parent / name)
        else:
            path.rename(path.parent / name)


def change_settings(at: Spoiler) -> None:
    """Keys of the policy hold anything, or there are too many or too deep ones."""
    path = at.chance.choice([at.book / "policy.toml", at.folder / "policy.toml"])
    text = (at.book / "policy.toml").read_text(encoding="utf-8")
    values = [
        "inf",
        "nan",
        "-inf",
        "9" * 5000,
        "0x" + "f" * 5000,
        "1e999999999",
        "1e-99999999999",
        "0." + "0" * 300 + "1",
        "[[[]]]",
        "{a = {b = 1}}",
        '""',
        '"\\u0000"',
        "1979-05-27",
        "07:32:00",
        "true",
        "-1",
        "1",
        "'x'",
        '"' + "x" * 3000 + '"',
        "[",
        "{",
        "'''",
        "\0",
    ]
    if at.chance.random() < 0.7:
        lines = text.split("\n")
        for _ in range(at.chance.randint(1, 3)):
            place = at.chance.randrange(len(lines))
            key = lines[place].split("=")[0]
            lines[place] = f"{key}= {at.chance.choice(values)}"
        text = "\n".join(lines)
    else:
        text += at.chance.choice(
            ["a" + ".a" * 20000 + " = 1\n", "x = " + "[" * 50000, "[" + "a." * 9000 + "a]\n",
             "[[a]]\n" * 20000, "".join(f"k{n} = {n}\n" for n in range(50000)), "x" * 3_000_000,
             "[no_such]\n", "[quality]\nmax_quarantined_shar = 1\n", text]
        )  # fmt: skip
    path.write_text(text, encoding="utf-8")


def change_calendar(at: Spoiler) -> None:
    """The calendar has other dates, columns, or rows."""
    path = at.book / "calendar.csv"
    lines = lines_of(path)
    for _ in range(at.chance.randint(1, 3)):
        place = at.chance.randrange(len(lines))
        cells = lines[place].split(",")
        cells[at.chance.randrange(len(cells))] = at.chance.choice(NASTY)
        lines[place] = ",".join(cells)
    if at.chance.random() < 0.3:
        lines.insert(at.chance.randrange(len(lines)), at.chance.choice(["", ",,,,", "Title", '"']))
    write_lines(path, lines)


def change_mapping(at: Spoiler) -> None:
    """A mapping that fits the book badly."""
    keys = [
        "file = 'x*'", "encoding = 'utf-16'", "encoding = 'nope'", "encoding = 'rot13'",
        "delimiter = ';'", "delimiter = ''", "quote = \"'\"", "trim = true",
        "skip_lines = 3", "skip_lines = 999999999", "skip_lines = -1",
        "skip_footer = 2", "skip_footer = 999999999", "header = ['a', 'b']", "header = []",
        "format = 'csv'", "format = 'xlsx'", "decimal = ','", "thousands = '.'",
        "date_format = '%d.%m.%Y'", "time_zone = 'UTC'", "time_zone = 'Nope'", "sheet = 'x'",
    ]  # fmt: skip
    parts = [
        "[{t}.columns]\n{c} = 'nope'\n", "[{t}.columns]\nnope = '{c}'\n",
        "[{t}.constants]\n{c} = 'x'\n", "[{t}.values.{c}]\n'' = 'x'\n",
        "[{t}.formats]\n{c} = '%Y'\n", "[sources.s]\nfile = '{t}'\n",
    ]  # fmt: skip
    table = at.chance.choice(sorted(VALID))
    text = f"[{table}]\n" + "\n".join(at.chance.sample(keys, k=at.chance.randint(0, 3))) + "\n"
    for part in at.chance.sample(parts, k=at.chance.randint(0, 2)):
        text += part.format(t=table, c=at.chance.choice(sorted(VALID[table])))
    (at.chance.choice([at.book, at.folder]) / "mapping.toml").write_text(text, encoding="utf-8")


def spoil_twice(at: Spoiler) -> None:
    """Two of the other kinds at once."""
    others = [spoiler for spoiler in KINDS.values() if spoiler is not spoil_twice]
    for spoil in at.chance.sample(others, k=2):
        try:
            spoil(at)
        except (OSError, ValueError, IndexError, pa.ArrowException):
            continue  # what it would have spoiled is gone already


KINDS: dict[str, Callable[[Spoiler], None]] = {
    "bytes": spoil_bytes,
    "cut": cut_file,
    "encoding": change_encoding,
    "delimiter": change_delimiter,
    "quotes": put_quotes,
    "titles": put_titles,
    "header": change_header,
    "width": change_width,
    "cells": change_cells,
    "packed": pack,
    "parquet": to_parquet,
    "other file": put_other_file,
    "no file": put_no_file,
    "names": change_names,
    "settings": change_settings,
    "calendar": change_calendar,
    "mapping": change_mapping,
    "two at once": spoil_twice,
}
