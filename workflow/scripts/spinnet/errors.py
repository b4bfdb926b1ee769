"""Errors whose message alone is for the user; all others keep their traceback in the log."""


class UserError(Exception):
    """A job cannot go on for a reason that the user can mend: one sentence says which."""
