"""The orchestrator's porch: the steps of a close as Dagster assets, and the UI over them."""
