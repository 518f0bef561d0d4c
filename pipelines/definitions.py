"""The name under which Dagster looks for the project: a face, hands on the porch's definitions."""

import gc

# As the command has it, of whose process it is the door: how seldom Python looks for objects that
# only refer to each other. Reading the program and a small month took half a second more.
gc.set_threshold(100_000, 20, 20)

from pipelines.orchestration.definitions import define, defs  # noqa: E402

__all__ = ["define", "defs"]
