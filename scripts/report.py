#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The table, the HTML page and the JUnit file of a lockstep run.

usage: report.py [--expect N] [--html FILE] [--junit FILE] RESULTS.jsonl

Each line of RESULTS is what `gsp cosim --json` printed, with what was expected of it.
Exit code 0 when every run ended as expected and none is missing, 3 when one ended
without a verdict, else 1.
"""
import argparse
import html
import json
import os
import sys
import xml.etree.ElementTree as tree


def as_expected(run):
    return run["verdict"] == run["expected"]


def verdict(run):
    """A planted bug must end in a mismatch; say so in one word."""
    if run["expected"] == "MISMATCH":
        return {"MISMATCH": "CAUGHT", "PASS": "MISSED"}.get(run["verdict"], run["verdict"])
    return run["verdict"]


def source(run):
    if "bug" in run:
        return "bug " + run["bug"]
    if "trace" in run:
        return "trace " + run["trace"]
    words = run["command"].split()
    extra = [words[i + 1] for i, word in enumerate(words) if word in ("--set", "--parameter")]
    extra += [f"{words.count(option)} {name}" for option, name in (("--tie", "tied"), ("--open", "open")) if option in words]
    return " ".join([f"seed {run['seed']:.0f}" if "seed" in run else "-"] + extra)


def rate(steps, seconds):
    if not seconds:
        return "-"
    per_second = steps / seconds
    return f"{per_second / 1e6:.1f} M/s" if per_second >= 1e6 else f"{per_second / 1e3:.0f} k/s"


def bins(run):
    return f"{run['bins_hit']:.0f}/{run['bins_wanted']:.0f}" if "seed" in run and "bug" not in run else "-"


def row(run):
    return [run["model"], run["simulator"], run.get("form", "-"), source(run), f"{run.get('steps', 0):.0f}",
            f"{run.get('events', 0):.0f}" if as_expected(run) and "bug" not in run else "-", bins(run),
            verdict(run), rate(run.get("steps", 0), run.get("seconds", 0)) if "bug" not in run else "-",
            *(run.get(name, "-") for name in HEAD[FIXED:])]


HEAD = ["model", "simulator", "form", "source", "steps", "spikes", "bins", "verdict", "speed"]
FIXED = len(HEAD)
OPTIONAL = ["netlist"]  # columns of runs that have such a key


def add_optional(runs):
    """The heading and the rows get the optional columns that any of these runs has."""
    HEAD.extend(name for name in OPTIONAL if any(name in run for run in runs))


def summary_rows(runs):
    """One row per run, but the traces of a model, simulator and form that passed share one."""
    rows, groups = [], {}
    for run in runs:
        if "trace" not in run or not as_expected(run):
            rows.append(row(run))
            continue
        key = (run["model"], run["simulator"], run["form"])
        if key not in groups:
            groups[key] = []
            rows.append(groups[key])
        groups[key].append(run)
    done = []
    for item in rows:
        if item and isinstance(item[0], dict):
            total = {name: sum(r.get(name, 0) for r in item) for name in ("steps", "events", "seconds")}
            one = dict(item[0], **total)
            line = row(one)
            line[3] = f"{len(item)} trace{'s' if len(item) > 1 else ''}"
            line[8] = rate(one["steps"], one["seconds"])
            done.append(line)
        else:
            done.append(item)
    return done


def print_table(rows):
    widths = [max(len(r[i]) for r in [HEAD] + rows) for i in range(len(HEAD))]
    right = {4, 5, 6, 8}
    for r in [HEAD] + rows:
        print("  ".join(r[i].rjust(widths[i]) if i in right else r[i].ljust(widths[i])
                        for i in range(len(HEAD))).rstrip())


STYLE = """body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:75em;padding:0 1em;color:#222}
table{border-collapse:collapse;width:100%}td,th{padding:.25em .7em;text-align:left;border-bottom:1px solid #ddd}
td.n{text-align:right;font-variant-numeric:tabular-nums}.ok{color:#17692f}.bad{color:#fff;background:#b3261e}
pre{background:#f5f5f5;padding:1em;overflow:auto}"""


def failure_text(run):
    if "message" in run:
        return run["message"]
    path = os.path.join(run.get("folder", ""), "report.txt")
    text = ""
    if os.path.isfile(path):
        with open(path, errors="replace") as file:
            text = file.read()
    if run["verdict"] == "EMPTY_BIN":
        text += "bins never reached:" + run.get("empty_bins", "")
    return text or f"verdict {run['verdict']}, expected {run['expected']}"


def write_html(path, runs, missing):
    bad = [r for r in runs if not as_expected(r)]
    steps = sum(r.get("steps", 0) for r in runs if as_expected(r) and "bug" not in r)
    values = sum(r.get("values", 0) for r in runs if as_expected(r) and "bug" not in r)
    parts = ["<!doctype html><html lang=en><meta charset=utf-8><title>Goldenspike lockstep</title>"
             f"<style>{STYLE}</style><h1>Lockstep report</h1>"
             f"<p>{len(runs)} runs, {len(bad)} not as expected, {missing} missing; "
             f"{steps:,.0f} steps and {values:,.0f} values compared.</p><table><tr>"]
    parts += [f"<th>{h}</th>" for h in HEAD] + ["</tr>"]
    for run in runs:
        cells = row(run)
        parts.append(f"<tr title='{html.escape(run['command'], quote=True)}'>")
        for i, cell in enumerate(cells):
            kind = " class=n" if i in (4, 5, 6, 8) else ""
            if i == 7:
                kind = " class=ok" if as_expected(run) else " class=bad"
            parts.append(f"<td{kind}>{html.escape(cell)}</td>")
        parts.append("</tr>")
    parts.append("</table>")
    for run in bad:
        parts.append(f"<h2>{html.escape(' '.join(row(run)[:4]))}: {html.escape(verdict(run))}</h2>"
                     f"<pre>{html.escape(run['command'])}\n\n{html.escape(failure_text(run))}</pre>")
    parts.append("</html>\n")
    with open(path, "w", encoding="utf-8") as file:
        file.write("".join(parts))


def write_junit(path, runs, missing):
    bad = [r for r in runs if not as_expected(r)]
    errors = [r for r in bad if r["verdict"] == "ERROR"]
    suite = tree.Element("testsuite", name="lockstep", tests=str(len(runs) + missing),
                         failures=str(len(bad) - len(errors)), errors=str(len(errors) + missing))
    for run in runs:
        case = tree.SubElement(suite, "testcase", classname=f"{run['model']}.{run['simulator']}",
                               name=f"{run.get('form', '-')} {source(run)}", time=f"{run.get('seconds', 0):.3f}")
        if not as_expected(run):
            kind = "error" if run["verdict"] == "ERROR" else "failure"
            # XML has no way to hold most control characters.
            text = "".join(c for c in failure_text(run) if c >= " " or c in "\n\t")
            tree.SubElement(case, kind, message=verdict(run)).text = run["command"] + "\n\n" + text
    for _ in range(missing):
        case = tree.SubElement(suite, "testcase", classname="lockstep", name="missing run")
        tree.SubElement(case, "error", message="a run left no result")
    tree.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results")
    parser.add_argument("--expect", type=int, help="how many results there must be")
    parser.add_argument("--html")
    parser.add_argument("--junit")
    options = parser.parse_args()
    with open(options.results, encoding="utf-8") as file:
        runs = [json.loads(line) for line in file if line.strip()]
    add_optional(runs)
    missing = max(0, (options.expect or 1) - len(runs))
    if options.html:
        write_html(options.html, runs, missing)
    if options.junit:
        write_junit(options.junit, runs, missing)

    print()
    print_table(summary_rows(runs))
    bad = [r for r in runs if not as_expected(r)]
    for run in bad:
        print(f"\n{verdict(run)}: {run['command']}\n{failure_text(run)}")
    caught = sum(1 for r in runs if "bug" in r and as_expected(r))
    steps = sum(r.get("steps", 0) for r in runs if as_expected(r) and "bug" not in r)
    values = sum(r.get("values", 0) for r in runs if as_expected(r) and "bug" not in r)
    print(f"\n{len(runs) - len(bad)} of {len(runs) + missing} runs as expected, {caught} planted bugs caught; "
          f"{steps:,.0f} steps, {values:,.0f} values compared, 0 mismatches" if not bad and not missing else
          f"\nFAILED: {len(bad)} of {len(runs) + missing} runs not as expected, {missing} missing")
    for path in (options.html, options.junit):
        if path:
            print(f"report: {os.path.relpath(path)}")
    if any(r["verdict"] == "ERROR" for r in bad) or missing:
        return 3
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
