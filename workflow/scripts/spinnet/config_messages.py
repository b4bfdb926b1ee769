"""From the errors of a configuration to sentences: the key, what was found, what is allowed."""

import re
import reprlib

MOST = 20  # sentences; a file of another kind would give thousands
LONGEST = 80  # characters of a value
TAGS = ("[key]", "[sampled]", "[own]")  # of the model of a configuration, no keys
ALLOWED = {
    "bool_type": "must be true or false",
    "dict_type": "must be a section with keys",
    "finite_number": "must be finite",
    "float_type": "must be a number",
    "int_from_float": "must be an integer",
    "int_type": "must be an integer",
    "list_type": "must be a list",
    "model_attributes_type": "must be a section with keys",
    "model_type": "must be a section with keys",
    "string_pattern_mismatch": "a name starts with a letter and holds letters, digits and _ alone",
    "string_too_long": "allowed are at most {max_length} characters",
    "string_type": "must be text",
    "too_long": "allowed are at most {max_length} entries",
    "too_short": "needed is at least {min_length} entry",
}  # fmt: skip


class ConfigError(ValueError):
    """The configuration is not usable; the message is for the user."""


class _Short(reprlib.Repr):
    """Values in a sentence, of any size and depth."""

    def __init__(self):
        super().__init__()
        self.maxlevel, self.maxstring, self.maxother = 3, LONGEST, LONGEST

    def repr_int(self, x, _level):
        return repr(x) if x.bit_length() < 200 else f"a number of {x.bit_length()} bits"


def found(value):
    """A value in a sentence."""
    text = _Short().repr(value)
    return text if len(text) < LONGEST else text[: LONGEST - 3] + "..."


def _part(part):
    """Part of a key, which may be any value that YAML reads."""
    text = part if isinstance(part, str) and part.isprintable() else found(part)
    return text if len(text) < LONGEST else text[: LONGEST - 3] + "..."


def sentence(error):
    """One pydantic error as 'key: found value; reason'."""
    key = ".".join(_part(part) for part in error["loc"] if part not in TAGS)
    message = error["msg"].removeprefix("Value error, ")
    if not key:
        return message if error["type"] == "value_error" else "found no keys; allowed are those of config/config.yaml"
    if error["type"] == "missing":
        return f"{key}: is missing"
    if error["type"] == "extra_forbidden":
        return f"{key}: is not a known key"
    if error["type"] == "value_error" and (isinstance(error["input"], dict) or ": found" in message):
        return _of_section(key, message)
    reason = ALLOWED[error["type"]].format(**error.get("ctx", {})) if error["type"] in ALLOWED else message
    return f"{key}: found {found(error['input'])}; {reason[:1].lower()}{reason[1:]}"


def _of_section(key, message):
    """What does not fit within a section; the message may begin with the rest of the key, or with all of it."""
    if message.startswith(key.split(".")[0] + "."):
        return message
    return f"{key}.{message}" if re.match(r"[a-z_]+: ", message) else f"{key}: {message}"


def sentences(error):
    """All errors of a ValidationError, a line each."""
    errors = error.errors(include_url=False)
    lines = [" ".join(sentence(e).split()) for e in errors[:MOST]]
    if len(errors) > MOST:
        lines.append(f"and {len(errors) - MOST} more")
    return "\n".join("configuration: " + line for line in lines)
