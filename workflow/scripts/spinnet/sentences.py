"""Parts of a file that is not trusted, in a sentence."""

LONGEST = 200  # characters


def short(value):
    """Text of a value or an error, printable, on one line and not longer than `LONGEST`."""
    text = str(value)
    text = text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def listed(names):
    """The first of many names."""
    return short(", ".join(names[:20]) + ", ..." * (len(names) > 20))
