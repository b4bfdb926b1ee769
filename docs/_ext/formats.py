"""The tables of docs/file_formats.md, from docs/formats.yaml."""

from fnmatch import fnmatchcase


def page(formats, part):
    """Markdown of a part of docs/formats.yaml (dict): "netcdf", "tables" or "models"."""
    return "\n".join(line for name, entry in formats[part].items() for line in PARTS[part](name, entry))


def variables(entry):
    """{name or pattern: description} of the variables of a kind of file, with those that are standard errors."""
    named = entry["variables"]
    return named | {f"{name}_error": v | {"text": "standard error"} for name, v in named.items() if v.get("error")}


def find(described, name):
    """What `described`, {name or pattern: description}, says of a name; None if nothing."""
    fitting = (text for pattern, text in described.items() if fnmatchcase(name, pattern))
    return described.get(name, next(fitting, None))


def _netcdf(kind, entry):
    rows = [
        (f"`{name}`" + f", `{name}_error`" * v.get("error", False), _dims(v["dims"]), v.get("type", "float64"),
         v.get("unit", ""), v["text"])
        for name, v in entry["variables"].items()
    ]  # fmt: skip
    attributes = [f"- `{name}`: {text}" for name, text in entry.get("attributes", {}).items()]
    files = ", ".join(f"`results/{file}`" for file in entry["file"])
    lines = [f"### {kind}", "", files, "", entry["text"], ""]
    lines += _table(("variable", "dimensions", "type", "unit", "meaning"), rows)
    return [*lines, *(["Attributes:", "", *attributes, ""] if attributes else [])]


def _dims(names):
    return ", ".join(names.split()) or "scalar"


def _columns(path, entry):
    rows = [(f"`{name}`", text) for name, text in entry["columns"].items()]
    return [f"### {path}", "", entry["text"], "", *_table(("column", "meaning"), rows)]


def _header(folder, entry):
    rows = [(f"`{name}`", text) for name, text in entry["header"].items()]
    return [f"### results/{folder}/", "", entry["text"], "", *_table(("key", "meaning"), rows)]


def _table(head, rows):
    """Lines of a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return [*("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines), ""]


PARTS = {"netcdf": _netcdf, "tables": _columns, "models": _header}
