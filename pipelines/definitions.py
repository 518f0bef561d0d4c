"""The name under which Dagster looks for the project: a face, hands on the porch's definitions."""

import atexit
import gc

from pipelines import SELDOM

# A process that Dagster starts looks for objects that only refer to each other as seldom as the
# command does, also while it reads the program; and not once more at its end, when all of them go.
gc.set_threshold(*SELDOM)
atexit.register(gc.disable)

from pipelines.orchestration.definitions import define, defs  # noqa: E402

__all__ = ["define", "defs"]
