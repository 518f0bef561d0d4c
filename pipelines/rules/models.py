"""The SQL files as models: what each table is called, reads, needs and is ordered by.

`sql/referral/assignments.sql` is the table `referral.assignments`. Its header says the rest:

    -- One row per …                                   the description
    -- grain: order_id                                 the key
    -- report: by benefits_month nulls last, order_id  printed as a CSV, in this order
    -- keep: this month                                a table that only the month in work needs
    -- view                                            no rows of its own
    -- section: follow_up                              the policy's section, if not the folder's
    -- printed with: volume                            its CSV needs that section, its rows do not
    -- unprinted: place                                a column that the CSV leaves out
    -- earlier months of: inactivity.flagged           read as earlier closes left it
    -- columns: member_id varchar, …                   of a table read before its first month
    -- repeat: …                                       in a .step.sql, see `Step`

A `.check.sql` beside it returns the rows that must not exist: the program's fault. With
`-- stops the close: {members} members …` in it they are the data's; the sentence is told to the
user, with the first row's columns in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.book.programmes import section_of
from pipelines.engines.duck import COMMENT, named_parameters
from pipelines.places import find_folder

SQL = find_folder("sql")
TABLE = re.compile(r"\b(?:from|join)\s+([a-z_]+\.[a-z_]+)\b")
STEP = re.compile(
    r"(?P<how>replace) until every (?P<column>\w+) is null"
    r"|append for round (?P<first>\d+) to \$(?P<last>\w+)"
    r"|append for every (?P<rounds>\w+) of (?P<source>[\w.]+)"
)
DIRECTIVES = (
    "grain", "report", "keep", "section", "printed with", "unprinted", "earlier months of",
    "columns", "repeat",
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """How a table's `.step.sql` is repeated, `$round` being the round.

    `replace until every x is null`: the step's rows take the place of the table's as long as `x` is
    there in any of them. `append for round 2 to $pay_levels` and `append for every run_no of
    referral.turns`: each round's rows are added.
    """

    query: str
    until_null: str | None = None
    first: int = 0
    last: str | None = None
    rounds: tuple[str, str] | None = None


@dataclass(frozen=True)
class Model:
    """One table of the warehouse and the query that makes a month of it."""

    programme: str
    name: str
    query: str
    description: str
    grain: tuple[str, ...]
    order: str | None
    unprinted: tuple[str, ...]
    section: str | None
    printed_with: str | None
    is_kept: bool
    is_view: bool
    earlier: tuple[str, ...]
    columns: str | None
    step: Step | None
    check: str | None
    reads: tuple[str, ...]
    path: Path

    @property
    def table(self) -> str:
        """Its name in the warehouse."""
        return f"{self.programme}.{self.name}"

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters that its query names."""
        return named_parameters(self.query)


def rows_of(model: Model, month: str) -> str:
    """SQL for a model's rows of a month, to stand after `from`."""
    return f"{model.table} where close_month = '{month}'" if model.is_kept else model.table


def _header(text: str) -> dict[str, str]:
    told: dict[str, str] = {"text": ""}
    for line in text.replace("\n--     ", " ").splitlines():
        if not line.startswith("--"):
            break
        words = line.removeprefix("--").strip()
        name, colon, value = words.partition(": ")
        if colon and name in DIRECTIVES:
            told[name] = value.strip()
        elif words == "view":
            told["view"] = "yes"
        else:
            told["text"] = f"{told['text']} {words}".strip()
    return told


def _listed(told: dict[str, str], name: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in told[name].split(",")) if name in told else ()


def read_model(path: Path, root: Path = SQL) -> Model:
    """One SQL file with what stands beside it; ValueError when its header does not say enough."""
    query = path.read_text(encoding="utf-8")
    told = _header(query)
    if not told.get("text", "").startswith("One row per ") or "grain" not in told:
        raise ValueError(f"{path}: must open with '-- One row per …' and have '-- grain: …'")
    step, check = path.with_suffix(".step.sql"), path.with_suffix(".check.sql")
    check_query = check.read_text(encoding="utf-8") if check.exists() else None
    programme = path.parent.relative_to(root).as_posix()
    model = Model(
        programme=programme,
        name=path.stem,
        query=query,
        description=told["text"],
        grain=_listed(told, "grain"),
        order=told["report"].removeprefix("by ") if "report" in told else None,
        unprinted=_listed(told, "unprinted"),
        section=told.get("section", section_of(programme)),
        printed_with=told.get("printed with"),
        is_kept=told.get("keep", "every month") == "every month",
        is_view="view" in told,
        earlier=_listed(told, "earlier months of"),
        columns=told.get("columns"),
        step=_read_step(step) if step.exists() else None,
        check=check_query,
        reads=(),
        path=path,
    )
    reads = tables_of(query)
    if model.step:
        reads |= tables_of(model.step.query)
    if model.check:
        reads |= tables_of(model.check)
    return replace(model, reads=tuple(sorted(reads - {model.table})))


def _read_step(path: Path) -> Step:
    query = path.read_text(encoding="utf-8")
    told = STEP.fullmatch(_header(query).get("repeat", ""))
    if told is None:
        raise ValueError(f"{path}: '-- repeat:' must say how, see pipelines/rules/models.py")
    if told["how"]:
        return Step(query, until_null=told["column"])
    if told["last"]:
        return Step(query, first=int(told["first"]), last=told["last"])
    return Step(query, rounds=(told["rounds"], told["source"]))


def tables_of(query: str) -> set[str]:
    """The tables that a rule's query names, as `schema.table`.

    A pattern finds them in the SQL that rules are written in; a test holds it to what the engine
    tells, which takes twenty times as long.
    """
    return set(TABLE.findall(COMMENT.sub("", query)))


def read_models(root: Path = SQL) -> list[Model]:
    """Every model under the folder, each after the ones that it reads."""
    paths = sorted(path for path in root.rglob("*.sql") if path.name.count(".") == 1)
    models = {model.table: model for model in (read_model(path, root) for path in paths)}
    ordered: dict[str, Model] = {}

    def place(model: Model, below: tuple[str, ...]) -> None:
        if model.table in below:
            raise ValueError(f"models read each other in a circle: {' -> '.join(below)}")
        for name in model.reads:
            if name in models and name not in ordered and name not in model.earlier:
                place(models[name], (*below, model.table))
        ordered.setdefault(model.table, model)

    for model in models.values():
        place(model, ())
    return list(ordered.values())
