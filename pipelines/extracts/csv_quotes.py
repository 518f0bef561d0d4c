"""Whether the quotes of a CSV file are what RFC 4180 says (contract 1, the book).

Belongs here: the one state that a file's bytes have to be followed for. The parser behind reads
`"Kim "Kiki" Dam"` as some text without a word; here it is a fault.
"""

from __future__ import annotations

import numpy as np

# Quotes are looked for in so many bytes at once: of each quote a number is kept.
PART = 1 << 20


class BadQuotes(ValueError):
    """A quote inside a quoted cell that neither ends it nor is written twice, or one not closed."""


class QuoteScan:
    """Follows the quotes of a file, piece by piece.

    A quote opens a cell only where one begins; elsewhere outside it is an ordinary character. In a
    quoted cell a quote stands twice, or the cell ends behind it.
    """

    def __init__(self, delimiter: str, quote: str, longest: int) -> None:
        self._quote = quote.encode()
        self._longest = longest
        self._is_edge = np.zeros(256, dtype=bool)
        self._is_edge[list(f"{delimiter}\n\r".encode())] = True
        self._is_edge_or_quote = self._is_edge.copy()
        self._is_edge_or_quote[self._quote[0]] = True
        self._is_inside = False
        self._is_second = False
        self._length = 0
        # The byte before what has not been looked at: a file begins like a line.
        self._before = b"\n"
        self._held = b""

    def feed(self, piece: bytes) -> None:
        """The next bytes; BadQuotes where they are wrong."""
        if not self._held and self._quote not in piece:
            self._before = piece[-1:] or self._before
            self._grow(len(piece))
            return
        for start in range(0, len(piece), PART):
            self._look(self._held + piece[start : start + PART])

    def finish(self) -> None:
        """There are no more bytes; BadQuotes when a quoted cell has not ended."""
        if self._held:
            held, self._held = self._held, b""
            self._look(held + b"\n")
        if self._is_inside:
            raise BadQuotes

    def _grow(self, length: int) -> None:
        if self._is_inside:
            self._length += length
            if self._length > self._longest:
                raise BadQuotes

    def _look(self, data: bytes) -> None:
        # What a quote means hangs on the byte behind it: the last one waits for the next piece.
        if data.endswith(self._quote):
            data, self._held = data[:-1], self._quote
        else:
            self._held = b""
        if not data:
            return
        seen = np.frombuffer(self._before + data + self._held, dtype=np.uint8)
        places = np.flatnonzero(seen[1 : len(data) + 1] == self._quote[0]) + 1
        if self._is_second or not self._follow_pairs(seen, places):
            self._follow_each(seen, places)
        elif self._held and not self._is_inside and data.endswith(self._quote):
            # The pair is torn apart: the quote that waits is the second of two.
            self._is_inside = self._is_second = True
        self._length = 0 if len(places) else self._length
        self._grow(len(data) - (int(places[-1]) if len(places) else 0))
        self._before = data[-1:]

    def _follow_pairs(self, seen: np.ndarray, places: np.ndarray) -> bool:
        """All quotes at once, where each one opens or closes; False where that is not sure."""
        if not self._is_inside and seen[0] == self._quote[0]:
            return False  # that one was an ordinary character, or a cell's end
        first = int(self._is_inside)
        opening, closing = places[first::2], places[1 - first :: 2]
        if not self._is_edge_or_quote[seen[opening - 1]].all():
            return False
        if not self._is_edge_or_quote[seen[closing + 1]].all():
            return False
        self._is_inside = bool((first + len(places)) % 2)
        return True

    def _follow_each(self, seen: np.ndarray, places: np.ndarray) -> None:
        """Quote by quote: some are ordinary characters of an unquoted cell."""
        quote = self._quote[0]
        for place in places.tolist():
            if self._is_second:
                self._is_second = False
            elif not self._is_inside:
                self._is_inside = bool(self._is_edge[seen[place - 1]])
            elif seen[place + 1] == quote:
                self._is_second = True
            elif self._is_edge[seen[place + 1]]:
                self._is_inside = False
            else:
                raise BadQuotes
