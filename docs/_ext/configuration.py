"""The reference of the configuration as Markdown.

Keys, types and bounds come from the schema, defaults and meanings from config/config.yaml and its comments, and
what these do not say from docs/configuration.yaml.
"""

import re
from typing import NamedTuple

import yaml

ANY = "{name}"
TYPES = {"integer": "integer", "number": "number", "string": "text", "boolean": "`true` or `false`", "null": "`null`"}
BOUNDS = {"minimum": "≥", "ge": "≥", "gt": ">", "maximum": "≤", "le": "≤", "lt": "<"}
MOST = 10**12  # what every number is at most
LONGEST = 48  # characters of a default
HEADER = ["| key | type, allowed values | default | meaning |", "|---|---|---|---|"]


class Section(NamedTuple):
    """A table of keys; `ANY` in its path stands for a name."""

    path: tuple
    title: str  # of its class in the schema
    text: str
    keys: dict  # of those that are no sections: their schemas
    needed: list


def page(schema, defaults, notes):
    """Markdown of all sections.

    schema: JSON schema (dict).  defaults: text of config/config.yaml.  notes: {dotted path: meaning} of keys on
    which its comments are silent or speak of one entry alone.
    """
    values, said = yaml.safe_load(defaults), comments(defaults)
    return "\n".join(line for s in sections(schema) for line in _lines(s, values, said, notes))


def sections(schema):
    """Yield every `Section` of a schema, from the outside to the inside."""
    yield from _walk((), schema, schema["$defs"])


def comments(text):
    """{path: comment} of the keys of a YAML text that come first on their line."""
    lines, found = text.splitlines(), {}

    def visit(node, path):
        for key, value in node.value:
            number, column = key.start_mark.line, key.start_mark.column
            if not lines[number][:column].strip():
                found[*path, key.value] = _comment(lines, number)
            if isinstance(value, yaml.MappingNode):
                visit(value, (*path, key.value))

    visit(yaml.compose(text), ())
    return found


def meaning(path, said, notes):
    """What a key means: a note, or the first comment on a key of this path; "" without either."""
    fitting = (text for other, text in said.items() if _fits(other, path) and text and not text.startswith("as above"))
    return notes.get(".".join(path)) or next(fitting, "")


def _walk(path, node, definitions):
    node = _resolved(node, definitions)
    for variant in node.get("oneOf", ()):
        yield from _walk(path, variant, definitions)
    for entry in node.get("patternProperties", {}).values():
        yield from _walk((*path, ANY), entry, definitions)
    inner = {key: _resolved(child, definitions) for key, child in node.get("properties", {}).items()}
    if inner:
        keys = {key: child for key, child in inner.items() if not _is_section(child)}
        yield Section(path, node["title"], node.get("description", ""), keys, node.get("required", []))
    for key, child in inner.items():
        if _is_section(child):
            yield from _walk((*path, key), child, definitions)


def _resolved(node, definitions):
    return definitions[node["$ref"].rpartition("/")[2]] | node if "$ref" in node else node


def _is_section(node):
    return "properties" in node or "patternProperties" in node


def _comment(lines, number):
    """The comment at the end of a line, with the lines after it that go on at the same column."""
    at = lines[number].find(" # ") + 1
    if not at:
        return ""
    parts = [lines[number][at + 2 :]]
    for line in lines[number + 1 :]:
        if line[:at].strip() or not line[at:].startswith("# "):
            break
        parts.append(line[at + 2 :])
    return " ".join(part.strip() for part in parts)


def _fits(path, pattern):
    return len(path) == len(pattern) and all(p in (ANY, part) for part, p in zip(path, pattern, strict=True))


def _lines(section, values, said, notes):
    """Markdown of one section."""
    path, own = section.path, section.title == "OwnEnsemble"
    title = f"`{'.'.join(path)}`{', of your own' * own}" if path else "Top level"
    text = notes.get(".".join(path), section.text)
    lines = [f"{'#' * min(2 + len(path[1:]), 4)} {title}", "", text, ""]
    if path[-1:] == (ANY,):
        lines += [f"Entries in `config/config.yaml`: {', '.join(f'`{name}`' for name in _at(values, path[:-1]))}.", ""]
    rows = []
    for key, node in section.keys.items():
        full = (*path, key)
        cells = f"`{key}`", _allowed(node), _default(full, node, values, section), meaning(full, said, notes)
        rows.append("| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |")
    return [*lines, *HEADER, *rows, ""] if rows else lines


def _allowed(node):
    """Type and allowed values of a key in words."""
    if "enum" in node:
        return _or([f"`{value}`" for value in node["enum"]])
    if "anyOf" in node:
        return _or([_allowed(variant) for variant in node["anyOf"]])
    if node["type"] == "array":
        least, most = node.get("minItems", 0), node.get("maxItems")
        count = f"{least} to {most} of: " if most else ""
        return f"list of {count}{_allowed(node['items'])}"
    name = "name" if "pattern" in node else TYPES[node["type"]]
    return ", ".join([name, *_bounds(node)])


def _bounds(node):
    """The tightest lower and the tightest upper bound of a number in words."""
    found = {key: node[key] for key in BOUNDS if key in node and abs(node[key]) != MOST}
    for tight, loose in (("minimum", ("ge", "gt")), ("maximum", ("le", "lt"))):
        if tight in found:
            found = {key: value for key, value in found.items() if key not in loose}
    return [f"{BOUNDS[key]} {f'{value:.6g}' if isinstance(value, float) else value}" for key, value in found.items()]


def _or(words):
    return " or ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)


def _default(path, node, values, section):
    """The value in config/config.yaml, or of a named entry what holds if the key is missing."""
    if path[-1] in section.needed and ANY in path:
        return "needed"
    value = node.get("default", []) if ANY in path else _at(values, path)
    return f"`{_flow(value)}`"


def _at(values, path):
    for key in path:
        values = values[key]
    return values


def _flow(value):
    """A value as YAML on one line; a long list by its ends."""
    text = re.sub(r"\n(\.\.\.\n)?", "", yaml.safe_dump(value, default_flow_style=True, width=10**6))
    if isinstance(value, list) and len(text) > LONGEST:
        return f"[{value[0]}, {value[1]}, ..., {value[-1]}]"
    return text
