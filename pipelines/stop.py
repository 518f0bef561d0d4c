"""What stops a close: the data or the policy is not fit to be closed (exit code 2)."""


class Stop(Exception):
    """The close cannot go on; the message says where, what was found and what to do."""
