"""The ledger as one static page without scripts: HTML with its pictures inside."""

import math
from collections import Counter
from pathlib import PurePosixPath

from jinja2 import Environment

from spinnet.ledger.claims import PAPERS
from spinnet.ledger.verdict import NOT_RUN, REFUTED, REPRODUCED, SHOWN, UNDERDETERMINED
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

TEMPLATE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Ledger of claims</title>
<style>
:root { --back: #fff; --text: #1b1b1b; --soft: #5a5a5a; --line: #d5d5d5; --band: #f5f5f5; --link: #0b57a4;
  --reproduced: #1a6b39; --refuted: #a8231a; --underdetermined: #7a5200; --shown: #30578a; --not-run: #5a5a5a; }
@media (prefers-color-scheme: dark) { :root { --back: #15171a; --text: #e6e6e6; --soft: #a9a9a9; --line: #3a3d42;
  --band: #1e2125; --link: #8ab8f0; --reproduced: #74c690; --refuted: #f08f86; --underdetermined: #e0b35c;
  --shown: #9dbbe6; --not-run: #a9a9a9; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 84rem; padding: 1rem; background: var(--back); color: var(--text);
  font: 1rem/1.45 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: .2rem 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .4rem; }
a { color: var(--link); } code { font-size: .85em; overflow-wrap: anywhere; }
p, dl { max-width: 46rem; } dl.key { display: grid; grid-template-columns: max-content 1fr; gap: .15rem .8rem; }
dl.key dd { margin: 0; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
col.id { width: 3.7rem; } col.item { width: 24%; } col.exact, col.pull { width: 7.5%; } col.figure { width: 10.2rem; }
caption { text-align: left; color: var(--soft); padding-bottom: .3rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .5rem; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; }
thead th { border-bottom: 2px solid var(--line); font-size: .85rem; color: var(--soft); }
tbody tr:nth-child(even) { background: var(--band); }
td.number { overflow-wrap: normal; font-variant-numeric: tabular-nums; }
small { color: var(--soft); display: block; font-size: .8rem; } td.source { font-size: .85rem; }
.verdict { font-weight: 600; white-space: nowrap; }
{% for v in verdicts %}.{{ v.replace(" ", "-") }} { color: var(--{{ v.replace(" ", "-") }}); }
{% endfor -%}
img { width: 9rem; height: auto; background: #fff; border: 1px solid var(--line); display: block; }
@media (max-width: 60rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, caption, tbody, tr, th, td { display: block; } tr { border-bottom: 2px solid var(--line); padding: .6rem 0; }
  colgroup { display: none; } th, td { border: 0; padding: .15rem .3rem; }
  td.source { font-size: inherit; }
  td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); font-size: .85rem; }
  td:empty { display: none; } img { width: 100%; max-width: 22.5rem; } }
@media print { body { max-width: none; font-size: 9pt; } img { width: 6rem; } tr { break-inside: avoid; }
  thead { display: table-header-group; } }
</style>
</head>
<body>
<main>
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
<table role="table">
<caption>Claims {{ key }}</caption>
<colgroup><col class="id"><col class="item"><col><col class="exact"><col><col class="pull"><col><col>
<col class="figure"></colgroup>
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
 width="{{ pictures[r.figure][1][0] }}" height="{{ pictures[r.figure][1][1] }}" loading="lazy" alt="{{ r.drawn }}"></a>
{%- elif r.figure in pictures %}<a href="{{ r.drawn }}">{{ r.drawn }}</a>{% endif %}</td>
</tr>
{% endfor %}
</tbody>
</table>
{% endfor %}
</main>
</body>
</html>
"""


def page(rows, available, pictures, sources):
    """The ledger as HTML text; a figure is shown in the first row that names it, and linked in the others.

    rows: of `spinnet.ledger.rows`; available: paths that may be linked; pictures: {figure: (data URI, (width,
    height))}; sources: {rule: file that holds it}.
    """
    names, figures, shown = set(), set(), []
    for row in rows:
        first, pictured = row["id"] not in names, row["figure"] in pictures.keys() - figures
        shown.append(row | _texts(row) | {"first": first, "pictured": pictured, "there": row["file"] in available})
        names.add(row["id"])
        figures.add(row["figure"])
    template = Environment(autoescape=True).from_string(TEMPLATE)
    counts = Counter(row["verdict"] for row in rows)
    return template.render(
        rows=shown, papers=PAPERS, columns=COLUMNS, verdicts=VERDICTS, meanings=MEANINGS, counts=counts,
        pictures=pictures, sources=sources,
    )  # fmt: skip


def _texts(row):
    """Cells as they are shown."""
    paper = [t for t in (_number(row["paper_value"], row["paper_error"], row["unit"]), row["paper_text"]) if t]
    pulls = [
        f"{row[key]:+.1f} {name}" for key, name in (("pull_exact", "exact"), ("pull_paper", "paper"))
        if row[key] is not None
    ]  # fmt: skip
    return {
        "paper_shown": "; ".join(paper), "exact_shown": _number(row["exact"], None, row["unit"]),
        "ours_shown": _number(row["value"], row["error"], row["unit"]), "pulls_shown": ", ".join(pulls),
        "data": _beside(row["file"]), "drawn": _beside(row["figure"]),
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


def _beside(path):
    """Link from results/ledger.html."""
    return str(PurePosixPath(path).relative_to("results")) if path else ""
