"""`python -m pipelines.command_line` is `upline`."""

import sys

from pipelines.command_line import main

sys.exit(main())
