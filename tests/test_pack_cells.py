"""Cells of leaders' pages: whatever a text is, the quick ways write it as the plain one would."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from pipelines.reports.look.formats import visible
from pipelines.reports.packs.cells import (
    email_link,
    is_phone,
    phone_link,
    shown_email,
    shown_link,
    shown_text,
)

NAMES = st.text() | st.text(st.sampled_from("Ann\u00e9\u5f20 '<>&\"\u202e\x00\ufffe\u0660\u2003"))
EMAILS = NAMES | st.from_regex(r"[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+", fullmatch=True)


def plainly(text: str) -> str:
    return str(escape(visible(text)))


@pytest.mark.long
@given(NAMES)
def test_a_text_is_escaped_and_hides_nothing(text: str) -> None:
    assert shown_text(text) == plainly(text)


@given(EMAILS)
def test_so_is_an_address_and_its_link(text: str) -> None:
    assert shown_email(text) == plainly(text)
    assert shown_link(text) == plainly(email_link(text))


@given(st.text() | st.from_regex(r"\+?[0-9][0-9 ()./-]{3,30}", fullmatch=True))
def test_a_link_that_calls_has_nothing_to_escape(text: str) -> None:
    assert phone_link(text) == plainly(phone_link(text))
    assert bool(phone_link(text)) == is_phone(text)
