"""Grants as values: what is dropped, taken back and kept."""

from __future__ import annotations

from pathlib import Path

from pipelines.closing.home import Home
from pipelines.delivery.access_store import (
    AccessStore,
    begin_session,
    grant_access,
    grant_leaders,
    revoke_access,
    withdraw_grants,
)
from pipelines.delivery.grants import DAY, KEPT_DAYS

NOON = 1_600_000_000.0
LATER = NOON + (7 + KEPT_DAYS) * DAY


def make_store(folder: Path) -> AccessStore:
    (folder / ".upline-home").touch()
    return AccessStore(Home(folder))


def names(store: AccessStore) -> list[str]:
    return [grant.name for grant in AccessStore(store.home).read().grants]


def test_links_that_ended_long_ago_are_dropped_and_nothing_else(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    for name, email in (("open", ""), ("proxy", "a@x.com"), ("revoked", ""), ("used", "")):
        token = grant_access(store, name, "finance", email, 7, NOON)
    begin_session(store, token, NOON)
    revoke_access(store, "revoked")
    grant_access(store, "new", "finance", "", 7, LATER - 1)
    assert names(store) == ["open", "proxy", "revoked", "used", "new"]
    grant_access(store, "newer", "finance", "", 7, LATER)
    assert names(store) == ["proxy", "revoked", "new", "newer"]


def test_links_that_nobody_used_are_taken_back(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    tokens = grant_leaders(store, ["A", "B", "C"], 35, NOON)
    assert begin_session(store, tokens[1], NOON)
    withdraw_grants(store, tokens[:2])
    assert names(store) == ["B", "C"]
    assert begin_session(store, tokens[2], NOON) and begin_session(store, tokens[0], NOON) is None


def test_what_another_process_wrote_is_read(tmp_path: Path) -> None:
    store, other = make_store(tmp_path), AccessStore(Home(tmp_path))
    assert store.read().grants == ()
    for name in ("one", "two"):
        grant_access(other, name, "finance", "", 7, NOON)
        assert store.read() == other.read()
    assert [grant.name for grant in store.read().grants] == ["one", "two"]
