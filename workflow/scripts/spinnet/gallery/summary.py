"""A finished run as one page of Markdown: its ledger, run times and machine, from the files of results.

Called as `python -m spinnet.gallery.summary`, in the folder of the run; the page goes to standard output.
"""

import subprocess
import sys
from pathlib import Path

from jinja2 import Environment

from spinnet.gallery.claimed import read_rows
from spinnet.gallery.machine import machine
from spinnet.gallery.times import busy_time, duration, run_times
from spinnet.ledger.claims import PAPERS
from spinnet.ledger.page import MEANINGS, VERDICTS, texts
from spinnet.seal import SealError
from spinnet.stamps import read_stamp

TEMPLATE = """## Verdicts

| paper | {{ verdicts | join(" | ") }} | all |
|---|{{ "---|" * (verdicts | length + 1) }}
{% for title, group in ledger.items() %}
| {{ title }} | {% for v in verdicts %}{{ group | selectattr("verdict", "eq", v) | list | length }} | {% endfor %}
{{ group | length }} |
{% endfor %}

{% for v in verdicts %}
- *{{ v }}*: {{ meanings[v] }}.
{% endfor %}

## Run times

{{ jobs }} jobs. At least one of them ran during {{ duration(busy) }}; the sum of their times is
{{ duration(times | sum("seconds")) }}. A job that was stopped and went on from its checkpoint counts from there. Rules
of less than a minute are left out.

| rule | jobs | all jobs | longest | MB |
|---|---|---|---|---|
{% for t in times if t.seconds >= 60 %}
| {{ t.rule }} | {{ t.jobs }} | {{ duration(t.seconds) }} | {{ duration(t.longest) }} |
{{- " %.0f" | format(t.memory) }} |
{% endfor %}

## Machine and code

| | |
|---|---|
{% for what, text in origin.items() %}
| {{ what }} | {{ text }} |
{% endfor %}
{% for title, group in ledger.items() %}

## {{ title }}

| claim | item | paper | exact | this run | pull | verdict |
|---|---|---|---|---|---|---|
{% for r in group %}
| {{ [r.id, r.item, r.paper_shown, r.exact_shown, r.ours_shown, r.pulls_shown, r.verdict] | join(" | ") }} |
{% endfor %}
{% endfor %}
"""


def page(rows, times, seconds, origin):
    """Markdown text. rows: of the ledger; times, seconds: of `run_times` and `busy_time`; origin: {what: text}."""
    rows = [{key: _cell(text) for key, text in (row | texts(row)).items()} for row in rows]
    ledger = {title: [row for row in rows if row["paper"] == title] for title in PAPERS.values()}
    environment = Environment(trim_blocks=True, keep_trailing_newline=True)
    return environment.from_string(TEMPLATE).render(
        ledger=ledger, verdicts=VERDICTS, meanings=MEANINGS, times=times.to_dict("records"), jobs=times["jobs"].sum(),
        busy=seconds, origin=origin, duration=duration,
    )  # fmt: skip


def _cell(text):
    """A text that does not end a cell of a table, nor start emphasis."""
    return text.replace("|", "\\|").replace("*", "\\*") if isinstance(text, str) else text


def main(results):
    """Print the page of the run in the folder `results`."""
    try:
        settings = read_stamp(results / "index.html")["settings"]
        read_stamp(results / "ledger.csv")
    except (SealError, OSError) as error:
        sys.exit(f"{results}/index.html and ledger.csv are needed, as `make all` makes them: {error}")
    files = sorted(results.glob("benchmarks/*.tsv"))
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    origin = machine() | {
        "Commit": commit or "unknown",
        "Code": f"{settings['all_code']}, the digest of all scripts and of what they import",
        "Seed": settings["configuration"]["seed"],
    }  # fmt: skip
    jobs = files, settings["benchmarks"]
    print(page(read_rows(results / "ledger.csv"), run_times(*jobs), busy_time(*jobs), origin), end="")


if __name__ == "__main__":
    main(Path("results"))
