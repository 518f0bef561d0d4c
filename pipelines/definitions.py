"""The name under which Dagster looks for the project: a face, hands on the porch's definitions."""

from pipelines.orchestration.definitions import define, defs

__all__ = ["define", "defs"]
