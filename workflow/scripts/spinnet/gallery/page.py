"""The gallery: every figure beside the papers' numbers, and what it took to make them, as one page."""

import json
from collections import Counter
from pathlib import Path

import yaml
from docutils.core import publish_parts

from spinnet.gallery.times import duration
from spinnet.ledger.claims import PAPERS
from spinnet.ledger.page import VERDICTS, beside, texts
from spinnet.pages import render

COLUMNS = ("Claim", "Paper", "Exact", "This run", "Verdict")

TEMPLATE = """{% block title %}Figures beside the papers' numbers{% endblock %}
{% block style %}
article { border-top: 1px solid var(--line); padding: .2rem 0 1.2rem; } h3 { font-size: 1rem; margin: .8rem 0 .4rem; }
.drawn img { width: 100%; } .drawn p { margin: .5rem 0; font-size: .9rem; }
col.item { width: 25%; } col.exact { width: 13%; } col.verdict { width: 9.4rem; }
@media screen { td, th { font-size: .9rem; } }
.run { max-width: 46rem; } .run table { table-layout: auto; } .run :is(th, td) { overflow-wrap: normal; }
.run :is(th, td) + :is(th, td) { text-align: right; } .run td.text { text-align: left; overflow-wrap: anywhere; }
.run tfoot td, .run tfoot th { border-top: 2px solid var(--line); font-weight: 600; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .8rem; } summary { cursor: pointer; }
@media screen and (min-width: 70rem) { h3 { grid-column: 1 / -1; }
  article { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); column-gap: 1.5rem; } }
@media screen and (max-width: 30rem) { .run :is(th, td) { font-size: .72rem; padding: .3rem .2rem; } }
@media print { .drawn img { max-width: 14cm; max-height: 22cm; width: auto; } h3 { break-after: avoid; }
  col.verdict { width: 6.4rem; } }
{% endblock %}
{% block main %}
<h1>Figures beside the papers' numbers</h1>
<p>Every figure of this run, with the claims of the papers that it bears on. Errors are one standard error, in units of
the last two digits. A picture leads to its PDF file. All {{ total }} claims, with their sources, are in the
<a href="ledger.html">ledger</a>:</p>
<dl class="key">{% for v in verdicts %}
<dt class="verdict {{ v.replace(" ", "-") }}">{{ counts[v] }}</dt>
<dd><span class="verdict {{ v.replace(" ", "-") }}">{{ v }}</span></dd>{% endfor %}
</dl>
<nav aria-label="Parts"><ul>{% for name in parts %}
<li><a href="#part-{{ loop.index }}">{{ name }}</a></li>{% endfor %}
<li><a href="#run">This run: times, versions, machine, configuration</a></li>
</ul></nav>
{% for name, figures in parts.items() %}
<h2 id="part-{{ loop.index }}">{{ name }}</h2>
{% for f in figures if f.picture %}
<article id="{{ f.link }}">
<h3>{{ f.title }}</h3>
<div class="drawn">
<a href="{{ f.link }}"><img src="{{ f.picture[0] }}" width="{{ f.picture[1][0] }}" height="{{ f.picture[1][1] }}"
 alt="{{ f.title }}"></a>
{{ f.caption | safe }}
</div>
<div>{% if f.rows %}
<table role="table" class="cells">
<colgroup><col class="item"><col><col class="exact"><col><col class="verdict"></colgroup>
<thead role="rowgroup"><tr role="row">{% for column in columns %}<th scope="col" role="columnheader">{{ column }}</th>
{%- endfor %}</tr></thead>
<tbody role="rowgroup">
{% for r in f.rows %}
<tr role="row">
<td role="cell"><a href="ledger.html#{{ r.id }}">{{ r.id }}</a> {{ r.item }}</td>
<td role="cell" class="number" data-label="Paper">{{ r.paper_shown }}</td>
<td role="cell" class="number" data-label="Exact">{{ r.exact_shown }}</td>
<td role="cell" class="number" data-label="This run">{{ r.ours_shown }}
{% if r.pulls_shown %}<small>pull {{ r.pulls_shown }}</small>{% endif %}</td>
<td role="cell" data-label="Verdict"><span class="verdict {{ r.verdict.replace(" ", "-") }}">{{ r.verdict }}</span></td>
</tr>
{% endfor %}
</tbody>
</table>{% else %}<p>No claim of a paper rests on this figure.</p>{% endif %}
</div>
</article>
{% endfor %}
{%- if figures | rejectattr("picture") | list %}
<p>Not there:</p>
<ul>{% for f in figures if not f.picture %}
<li>{{ f.title }}: <code>snakemake --cores 2 {{ f.path }}</code></li>{% endfor %}
</ul>
{% endif %}
{% endfor %}
<section class="run">
<h2 id="run">This run</h2>
<p>Seed {{ seeds | join(", ") or "unknown: no file has one" }}. Code {{ code }}, the digest of all scripts and of what
they import.</p>
<h3>Run times</h3>
<p>Wall-clock times of the jobs when they last ran, and the largest memory of one, from their benchmark files. Jobs run
side by side, so that a run takes less than the sum.</p>
<table>
<thead><tr><th scope="col">Rule</th><th scope="col">Jobs</th><th scope="col">All jobs</th><th scope="col">Longest</th>
<th scope="col">MB</th></tr></thead>
<tbody>{% for t in times %}
<tr><td>{{ t.rule.split("_") | join("_<wbr>" | safe) }}</td><td>{{ t.jobs }}</td><td>{{ duration(t.seconds) }}</td>
<td>{{ duration(t.longest) }}</td>
<td>{% if t.memory == t.memory %}{{ "%.0f" | format(t.memory) }}{% endif %}</td></tr>{% endfor %}
</tbody>
<tfoot><tr><td>All rules</td><td>{{ times | sum("jobs") }}</td><td>{{ duration(times | sum("seconds")) }}</td><td></td>
<td></td></tr></tfoot>
</table>
<h3>Versions</h3>
<p>Of the packages that wrote the figures, and the files behind them.</p>
<table><tbody>{% for package, found in versions.items() %}
<tr><td>{{ package }}</td><td class="text">{{ found | join(", ") }}</td></tr>{% endfor %}
</tbody></table>
<h3>Machine</h3>
<p>On which this page was made.</p>
<table><tbody>{% for what, text in machine.items() %}
<tr><td>{{ what }}</td><td class="text">{{ text }}</td></tr>{% endfor %}
</tbody></table>
<h3>Configuration</h3>
<details><summary>All settings of this run</summary>
<pre>{{ configuration }}</pre>
</details>
</section>
{% endblock %}
"""


def page(figures, rows, times, run):
    """The gallery as HTML text.

    figures: list of dicts with path, part (authors of a paper, or another heading), title, caption (path of an rst
    file), and picture as `spinnet.ledger.thumbnails` makes it, None if the figure is not there; rows: of the ledger;
    times: DataFrame of `spinnet.gallery.times`; run: dict with seeds, code, versions, machine, configuration.
    """
    parts = {}
    for figure in figures:
        claimed = [row | texts(row) for row in rows if row["figure"] == figure["path"]]
        shown = {"link": beside(figure["path"]), "rows": claimed, "caption": _html(figure["caption"])}
        parts.setdefault(_heading(figure["part"]), []).append(figure | shown)
    plain = json.loads(json.dumps(run["configuration"]))  # Snakemake has dictionaries of its own
    settings = yaml.safe_dump(plain, sort_keys=False, default_flow_style=None, width=100)
    return render(
        TEMPLATE, parts=parts, columns=COLUMNS, verdicts=VERDICTS, counts=Counter(row["verdict"] for row in rows),
        total=len(rows), times=times.to_dict("records"), duration=duration, **(run | {"configuration": settings}),
    )  # fmt: skip


def _heading(part):
    """Authors with the title of their paper; other parts as they are."""
    return next((title for title in PAPERS.values() if title.startswith(part)), part)


def _html(caption):
    """A caption as HTML; nothing in it may read other files."""
    look = {"file_insertion_enabled": False, "raw_enabled": False}
    return publish_parts(Path(caption).read_text(), writer="html5", settings_overrides=look)["fragment"]
