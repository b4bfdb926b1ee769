"""Pages that are generated: their comment `<!-- generated: ... -->` is replaced by tables while the site is built."""

import json
import re
from pathlib import Path

import configuration
import formats
import yaml

DOCS = Path(__file__).parents[1]
ROOT = DOCS.parent
SOURCES = {
    "configuration": [
        ROOT / "workflow/schemas/config.schema.json",
        ROOT / "config/config.yaml",
        DOCS / "configuration.yaml",
    ],
    "formats": [DOCS / "formats.yaml"],
}
MARK = re.compile(r"<!-- generated: (\w+) ?(\w*) -->")


def tables(name, part):
    """Markdown of a mark's tables."""
    texts = [path.read_text() for path in SOURCES[name]]
    if name == "formats":
        return formats.page(yaml.safe_load(texts[0]), part)
    schema, defaults, notes = texts
    return configuration.page(json.loads(schema), defaults, yaml.safe_load(notes))


def _replace(app, page, source):
    for name, _ in MARK.findall(source[0]):
        for path in SOURCES[name]:
            app.env.note_dependency(path, docname=page)
    source[0] = MARK.sub(lambda mark: tables(*mark.groups()), source[0])


def setup(app):
    app.connect("source-read", _replace)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
