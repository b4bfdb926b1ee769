"""What the pages of results share: head, look and policy.  Static HTML without scripts, with its pictures inside."""

from jinja2 import DictLoader, Environment

# The policy lets the browser refuse whatever is not in the page itself.
BASE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{% block title %}{% endblock %}</title>
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
caption { text-align: left; color: var(--soft); padding-bottom: .3rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .5rem; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; }
thead th { border-bottom: 2px solid var(--line); font-size: .85rem; color: var(--soft); }
tbody tr:nth-child(even) { background: var(--band); }
td.number { font-variant-numeric: tabular-nums; }
small { color: var(--soft); display: block; font-size: .8rem; }
.verdict { font-weight: 600; white-space: nowrap; }
.reproduced { color: var(--reproduced); } .refuted { color: var(--refuted); } .shown { color: var(--shown); }
.underdetermined { color: var(--underdetermined); } .not-run { color: var(--not-run); }
img { height: auto; background: #fff; border: 1px solid var(--line); display: block; }
/* Dimmed, not inverted: captions name colours, and what is dark or light. */
@media (prefers-color-scheme: dark) { img { filter: brightness(.75); } }
@media screen and (max-width: 60rem) {
  .cells thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .cells, .cells :is(caption, tbody, tr, th, td) { display: block; }
  .cells tr { border-bottom: 2px solid var(--line); padding: .6rem 0; } .cells colgroup { display: none; }
  .cells :is(th, td) { border: 0; padding: .15rem .3rem; } .cells td:empty { display: none; }
  .cells td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); font-size: .85rem; } }
@page { margin: 12mm; }
@media print { body { max-width: none; padding: 0; font-size: 9pt; } tr { break-inside: avoid; }
  thead { display: table-header-group; } th, td { padding: .15rem .25rem; }
  th, td, thead th, td small { font-size: 7pt; } }
{% block style %}{% endblock %}
</style>
</head>
<body>
<main>
{% block main %}{% endblock %}
</main>
</body>
</html>
"""


def render(template, **values):
    """HTML text of a Jinja template that extends "base" by blocks title, style and main."""
    environment = Environment(autoescape=True, loader=DictLoader({"base": BASE}))
    return environment.from_string('{% extends "base" %}' + template).render(values)
