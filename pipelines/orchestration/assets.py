"""All assets of the desk: the steps of a close, the trial, and where each month is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import dagster as dg

from pipelines.closing.home import Home
from pipelines.extracts.shapes import SHAPES
from pipelines.orchestration.extract_assets import book_asset, extract_asset
from pipelines.orchestration.links import Links
from pipelines.orchestration.month_assets import reports_asset, seal_asset, status_asset
from pipelines.orchestration.rule_assets import model_asset
from pipelines.orchestration.trial_assets import trial_assets
from pipelines.rules.models import Model


def closing_assets(models: Sequence[Model]) -> list[dg.AssetsDefinition]:
    """Every asset of a close: extracts, book, rules, reports and seal."""
    return [
        *(extract_asset(shape) for shape in SHAPES.values()),
        book_asset(),
        *(model_asset(model) for model in models),
        reports_asset(models),
        seal_asset(),
    ]


def all_assets(
    models: Sequence[Model], book: Path, home: Home, links: Links
) -> list[dg.AssetsDefinition]:
    """Every asset: those of a close, those of a trial, and `month/status`."""
    return [
        *closing_assets(models),
        *trial_assets(book, home, links),
        status_asset(book, home, links),
    ]
