"""What a run's process has read before it is begun: importing this is all there is to it.

Nothing here may ask an engine, open a file of a book or begin a thread: a copy of the process would
have half of it. The assets themselves are not made yet: each run reads the book's policy anew.
"""

import gc

from pipelines import SELDOM
from pipelines.closing.versions import name_versions

gc.set_threshold(*SELDOM)
name_versions()  # of what is read below, not of what lies there when a run begins

import pipelines.orchestration.assets  # noqa: E402
import pipelines.orchestration.executor  # noqa: E402
import pipelines.orchestration.sensors  # noqa: E402
import pipelines.orchestration.sqlite_history  # noqa: E402, F401
