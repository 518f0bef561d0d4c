"""Templates compiled once: what Jinja makes of each is kept beside it, as Python keeps its modules.

Belongs here: where compiled templates lie and when one is used. They lie in `__pycache__`, which is
no part of the program (`closing.versions`); each is used only while its template, the modules whose
filters are worked into it, Jinja and Python are what it was made with. Where nothing can be written
each process compiles for itself.
"""

from __future__ import annotations

import hashlib
import importlib.util
import marshal
import os
import sys
from contextlib import suppress
from pathlib import Path

import babel
import jinja2
from jinja2.bccache import Bucket, BytecodeCache

FOLDER = "__pycache__"
DIGEST = hashlib.sha256
SIZE = DIGEST().digest_size


class CompiledTemplates(BytecodeCache):
    """The compiled templates of a folder: a digest of what each was made with, one of what was made
    of it, and that."""

    def __init__(self, folder: Path, made_with: bytes) -> None:
        """In: the templates' folder, and what stands for all that they are compiled with."""
        self._folder = folder / FOLDER
        self._made_with = made_with

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The name of the file that a template is kept in."""
        return f"{name}.{sys.implementation.cache_tag}"

    def get_source_checksum(self, source: str) -> str:
        """What has to be as it was for a compiled template to be used."""
        return DIGEST(self._made_with + source.encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is kept, if it is whole and of now."""
        try:
            kept = (self._folder / bucket.key).read_bytes()
        except OSError:
            return
        made_with, told, code = kept[:SIZE], kept[SIZE : 2 * SIZE], kept[2 * SIZE :]
        if made_with.hex() == bucket.checksum and told == DIGEST(code).digest():
            bucket.code = marshal.loads(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template, where that is possible and Python keeps its modules too."""
        if sys.dont_write_bytecode:
            return
        code = marshal.dumps(bucket.code)
        content = bytes.fromhex(bucket.checksum) + DIGEST(code).digest() + code
        path = self._folder / bucket.key
        own = path.with_name(f"{path.name}.{os.getpid()}")
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            try:
                own.write_bytes(content)
                own.replace(path)
            finally:
                own.unlink(missing_ok=True)


def digest_compiler() -> bytes:
    """What a template's code hangs on besides its text: a filter of a constant is worked in."""
    digest = DIGEST(importlib.util.MAGIC_NUMBER)
    digest.update(f"{jinja2.__version__} {babel.__version__}\0".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.digest()
