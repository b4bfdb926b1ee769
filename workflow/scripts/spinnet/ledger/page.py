"""The ledger as one page."""

import math
from collections import Counter
from pathlib import PurePosixPath

from spinnet.ledger.claims import PAPERS
from spinnet.ledger.verdict import NOT_RUN, REFUTED, REPRODUCED, SHOWN, UNDERDETERMINED
from spinnet.pages import render
from spinnet.tables import parenthesis

COLUMNS = ("Claim", "Item", "Paper", "Exact", "This run", "Pull", "Verdict", "Source", "Figure")
VERDICTS = (REPRODUCED, REFUTED, UNDERDETERMINED, SHOWN, NOT_RUN)
MEANINGS = {
    REPRODUCED: "agrees within its rule",
    REFUTED: "off by more than 5 standard errors, beyond a bound by more than 3, or a test fails",
    UNDERDETERMINED: "between, too large an error, no error, or not the paper's setting",
    SHOWN: "a picture, to look at; nothing is judged",
    NOT_RUN: "the file is missing, or the configuration does not have it",
}

TEMPLATE = """{% block title %}Ledger of claims{% endblock %}
{% block style %}
col.id { width: 3.7rem; } col.item { width: 21%; } col.exact, col.pull { width: 7.5%; } col.verdict { width: 10.4rem; }
col.figure { width: 10.2rem; } td.source { font-size: .85rem; } img { width: 9rem; }
@media screen and (max-width: 60rem) { td.source { font-size: inherit; } img { width: 100%; max-width: 22.5rem; } }
@media print { col.id { width: 2.4rem; } col.verdict { width: 6.4rem; } col.figure { width: 5.6rem; }
  td.source { font-size: 7pt; } img { width: 5rem; } }
{% endblock %}
{% block main %}
<h1>Ledger of claims</h1>
<p>Every claim of the three papers beside the number of this run. Errors are one standard error, in units of the last
two digits. Pulls are differences in standard errors of both numbers. The rules stand in
<a href="../config/claims.yaml">config/claims.yaml</a>, the same as a table in <a href="ledger.csv">ledger.csv</a>.</p>
<dl class="key">{% for v in verdicts %}
<dt class="verdict {{ v.replace(" ", "-") }}">{{ counts[v] }} {{ v }}</dt><dd>{{ meanings[v] }}</dd>{% endfor %}
</dl>
<nav aria-label="Papers"><ul>{% for key, title in papers.items() %}
<li><a href="#paper-{{ key }}">{{ title }}</a></li>{% endfor %}
</ul></nav>
{% for key, title in papers.items() %}
<h2 id="paper-{{ key }}">{{ title }}</h2>
<table role="table" class="cells">
<caption>Claims {{ key }}</caption>
<colgroup><col class="id"><col class="item"><col><col class="exact"><col><col class="pull"><col class="verdict">
<col><col class="figure"></colgroup>
<thead role="rowgroup"><tr role="row">{% for name in columns %}<th scope="col" role="columnheader">{{ name }}</th>
{%- endfor %}</tr></thead>
<tbody role="rowgroup">
{% for r in rows if r.id.startswith(key) %}
<tr role="row"{% if r.first %} id="{{ r.id }}"{% endif %}>
<th scope="row" role="rowheader">{{ r.id }}</th>
<td role="cell">{{ r.item }}{% if r.note %}<small>{{ r.note }}</small>{% endif %}</td>
<td role="cell" class="number" data-label="Paper">{{ r.paper_shown }}</td>
<td role="cell" class="number" data-label="Exact">{{ r.exact_shown }}</td>
<td role="cell" class="number" data-label="This run">{{ r.ours_shown }}</td>
<td role="cell" class="number" data-label="Pull">{{ r.pulls_shown }}</td>
<td role="cell" data-label="Verdict"><span class="verdict {{ r.verdict.replace(" ", "-") }}">{{ r.verdict }}</span>
{%- if r.rule %}<small>{{ r.rule }}</small>{% endif %}
{%- if r.command %}<small><code>{{ r.command }}</code></small>{% endif %}</td>
<td role="cell" class="source" data-label="Source">
{%- if r.there %}<a href="{{ r.data }}">{{ r.data }}</a>{% else %}{{ r.data }}{% endif %}
{%- if r.found %}<small>{{ r.found }}</small>{% endif %}
{%- if r.made_by %}<small>rule <a href="../{{ sources[r.made_by] }}">{{ r.made_by }}</a></small>{% endif %}
{%- if r.seeds %}<small>seed {{ r.seeds }}</small>{% endif %}</td>
<td role="cell">{% if r.pictured %}<a href="{{ r.drawn }}"><img src="{{ pictures[r.figure][0] }}"
 width="{{ pictures[r.figure][1][0] }}" height="{{ pictures[r.figure][1][1] }}" alt="{{ r.drawn }}"></a>
{%- elif r.figure in pictures %}<a href="{{ r.drawn }}">{{ r.drawn }}</a>{% endif %}</td>
</tr>
{% endfor %}
</tbody>
</table>
{% endfor %}
{% endblock %}
"""


def page(rows, available, pictures, sources):
    """The ledger as HTML text; a figure is shown in the first row that names it, and linked in the others.

    rows: of `spinnet.ledger.rows`; available: paths that may be linked; pictures: {figure: (data URI, (width,
    height))}; sources: {rule: file that holds it}.
    """
    names, figures, shown = set(), set(), []
    for row in rows:
        first, pictured = row["id"] not in names, row["figure"] in pictures.keys() - figures
        shown.append(row | texts(row) | {"first": first, "pictured": pictured, "there": row["file"] in available})
        names.add(row["id"])
        figures.add(row["figure"])
    counts = Counter(row["verdict"] for row in rows)
    return render(
        TEMPLATE, rows=shown, papers=PAPERS, columns=COLUMNS, verdicts=VERDICTS, meanings=MEANINGS, counts=counts,
        pictures=pictures, sources=sources,
    )  # fmt: skip


def texts(row):
    """Cells as they are shown."""
    paper = [t for t in (_number(row["paper_value"], row["paper_error"], row["unit"]), row["paper_text"]) if t]
    pulls = [
        f"{row[key]:+.1f} {name}" for key, name in (("pull_exact", "exact"), ("pull_paper", "paper"))
        if row[key] is not None
    ]  # fmt: skip
    return {
        "paper_shown": "; ".join(paper), "exact_shown": _number(row["exact"], None, row["unit"]),
        "ours_shown": _number(row["value"], row["error"], row["unit"]), "pulls_shown": ", ".join(pulls),
        "data": beside(row["file"]), "drawn": beside(row["figure"]),
    }  # fmt: skip


def _number(value, error, unit):
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(f"{v:g}" if isinstance(v, float) else str(v) for v in value)
    if isinstance(value, float):
        known = error is not None and math.isfinite(error) and error > 0
        value = parenthesis(value, error) if known else f"{value:.6g}"
    return f"{value} {unit}".strip()


def beside(path):
    """Link to a file of results from a page in results/."""
    return str(PurePosixPath(path).relative_to("results")) if path else ""
