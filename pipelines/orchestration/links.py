"""Links from Dagster to the reports, which the UI serves beside itself.

Belongs here: where a report opens in the browser that shows the UI. A link has no host and no port,
so that it still leads there when the UI has moved.
"""

from __future__ import annotations

from dataclasses import dataclass

import dagster as dg

from pipelines.book.programmes import PROGRAMMES
from pipelines.months import Month

PAGE = "index.html"


@dataclass(frozen=True)
class Links:
    """Links below the path that the UI is served under (`/upline`; nothing at the top)."""

    prefix: str = ""

    def page(self, month: Month, programme: str) -> dg.MetadataValue[str]:
        """A programme's page of a month; it opens once the month is closed."""
        folder = f"{programme}/" if programme in PROGRAMMES else ""
        return dg.MetadataValue.url(f"{self.prefix}/reports/{month}/{folder}{PAGE}")

    def month(self, month: Month) -> dg.MetadataValue[str]:
        """The first page of a closed month."""
        return dg.MetadataValue.url(f"{self.prefix}/reports/{month}/{PAGE}")

    def overview(self) -> dg.MetadataValue[str]:
        """The page over all closed months."""
        return dg.MetadataValue.url(f"{self.prefix}/reports/{PAGE}")

    def trial(self, month: Month, page: str = PAGE) -> dg.MetadataValue[str]:
        """A page of a month's trial."""
        return dg.MetadataValue.url(f"{self.prefix}/trial/{month}/{page}")
