"""Renew the rules' SQL in Spark's words: `python tests/renew_spark_sql.py`; read the difference."""

from __future__ import annotations

from test_spark_sql import renew

renew()
