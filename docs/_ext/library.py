"""The library's docstrings in its reference, and links to it from names in the text."""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

CODE = re.compile(r"`([^`\n]+)`")
SPECIAL = re.compile(r"([\\*|_`\[\]<>])")
NAME = re.compile(r"spinnet(\.\w+)+")


def restructured(text):
    """A docstring, plain text with `code` and indented code, as reStructuredText that shows it as it is."""
    paragraphs = re.split(r"\n\s*\n", text.strip("\n"))
    return "\n\n".join(map(_paragraph, paragraphs))


def _paragraph(text):
    if text.startswith("    "):
        return f"::\n\n{text}"
    if "\n " in text:  # lines of a list
        return "\n".join(f"| {_escaped(line)}" for line in text.split("\n"))
    return _escaped(text)


def _escaped(paragraph):
    pieces = CODE.split(paragraph)
    return "".join(f"``{p}``" if n % 2 else SPECIAL.sub(r"\\\1", p) for n, p in enumerate(pieces))


def _docstring(_app, _kind, _name, _object, _options, lines):
    lines[:] = [*restructured("\n".join(lines)).split("\n"), ""]


def _skip(_app, kind, _name, thing, skip, _options):
    """Packages have empty files and are shown; else what has no docstring is not."""
    return skip or (kind not in ("package", "module") and not thing.docstring)


class Links(SphinxPostTransform):
    """Full names of the library, written as code, lead to its reference; one that is not there is a warning."""

    default_priority = 5  # before references are resolved

    def run(self):
        for node in self.document.findall(nodes.literal):
            if NAME.fullmatch(node.astext()) and not isinstance(node.parent, addnodes.pending_xref | nodes.reference):
                link = addnodes.pending_xref(
                    "", refdomain="py", reftype="obj", reftarget=node.astext(), refwarn=True, refdoc=self.env.docname
                )
                node.replace_self(link)
                link += node


def setup(app):
    app.setup_extension("sphinx.ext.autodoc")  # for its event, which autoapi sends, too
    app.connect("autodoc-process-docstring", _docstring)
    app.connect("autoapi-skip-member", _skip)
    app.add_post_transform(Links)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
