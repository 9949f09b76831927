#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Accuracy of dpi, lif and loihi against the continuous equations; see accuracy.sh.

usage: accuracy.py --gsp PROGRAM --data FOLDER [--svg FOLDER] [--json]
"""
import argparse
import csv
import json
import math
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

STEPS = ("1e-4", "2e-5", "1e-5")
SCENARIOS = ("step_sub_4pA", "step_spk_10pA", "step_spk_20pA", "step_spk_100pA", "sfa_ahp_jump_1pA",
             "ampa_train_100Hz")
CURVES = ("fi_curve_rockpool_default", "refractory_fi_tref_2ms")
TRACES = ("ampa_train_100Hz_trace", "sfa_ahp_jump_1pA_trace")

# Largest value allowed, by (bits, time step); None stands for every time step. Seconds, or relative.
BOUNDS = {
    "isi": {(24, "1e-4"): 1.0e-3, (24, "2e-5"): 1.5e-3, (32, "1e-5"): 1.0e-3},
    "first": {(24, "1e-4"): 0.5e-3, (24, "2e-5"): 0.5e-3, (32, "1e-5"): 0.5e-3},
    "spikes": {(24, "1e-4"): 3e-3, (24, "2e-5"): 0.75e-3, (32, "1e-5"): 0.3e-3},
    "counts": {(24, "1e-4"): 0, (24, "2e-5"): 0, (32, "1e-5"): 0},
    "logistic": {(24, "1e-4"): 1.4e-3, (24, "2e-5"): 1.2e-3},
    "none": {(24, None): 1.5, (32, None): 1.5},
    "trace": {(24, "1e-4"): 3.6e-2},
}


class Bad(Exception):
    pass


def gsp(program, *arguments):
    run = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise Bad("gsp %s: exit code %d: %s" % (" ".join(arguments), run.returncode, run.stderr.strip()))
    return run.stdout


def settings(text):
    return [word for setting in text.split() for word in ("--set", setting)]


# ---- dpi ----------------------------------------------------------------------------------------


def curve(o, name, dt, config):
    """Rows of an f-I file: model and reference."""
    out = gsp(o.gsp, "run", "dpi", "--si", os.path.join(o.data, name + ".csv"), "--dt", dt, *config)
    rows = [{k: float(v) for k, v in row.items()}
            for row in csv.DictReader(line for line in out.splitlines() if not line.startswith("#"))]
    if not rows:
        raise Bad(name + ": no rows")
    return rows


def spike_list(o, name, dt, config):
    """Largest error of a spike time in s, and whether the counts agree."""
    out = gsp(o.gsp, "run", "dpi", "--si", os.path.join(o.data, name + ".csv"), "--dt", dt, "--summary", *config)
    found = re.search(r", (\d+) spikes, the reference has (\d+), max abs error ([0-9.]+) ms$", out.strip())
    if not found:
        raise Bad(name + ": no comparison in: " + out)
    return float(found[3]) * 1e-3, int(found[1]) - int(found[2])


def sampled(o, name, dt, config):
    out = gsp(o.gsp, "run", "dpi", "--si", os.path.join(o.data, name + ".csv"), "--dt", dt, "--summary", *config)
    return float(re.search(r"relative error: median ([0-9.e+-]+)", out)[1])


def dpi_cell(o, bits, dt):
    """Every figure of one word length and time step."""
    config = [] if bits == 24 else ["--preset", "wide"]
    result = {"bits": bits, "dt": float(dt)}
    curves = {name: curve(o, name, dt, config) for name in CURVES}
    rows = [r for name in CURVES for r in curves[name] if 7.5e-12 <= r["Idc_A"] <= 1.0001e-9]
    isi = [abs(r["isi_last_s"] / r["reference_isi_last_s"] - 1) for r in rows
           if r["reference_isi_last_s"] > 0 and r["isi_last_s"] > 0]
    if len(isi) < 18 or any((r["isi_last_s"] > 0) != (r["reference_isi_last_s"] > 0) for r in rows):
        raise Bad("f-I: only %d intervals to compare" % len(isi))
    result["isi"] = max(isi)
    result["first"] = max(abs(r["t_first_s"] - r["reference_t_first_s"]) for r in rows)
    near = [r for r in curves[CURVES[0]] if r["Idc_A"] < 7.5e-12 and r["reference_t_first_s"] > 0]
    result["near"] = max(abs(r["t_first_s"] - r["reference_t_first_s"]) for r in near)
    result["curve"] = [(r["Idc_A"], r["isi_last_s"], r["reference_isi_last_s"]) for r in curves[CURVES[0]]]
    errors = {name: spike_list(o, name, dt, config) for name in SCENARIOS}
    result["spikes"] = max(error for error, _ in errors.values())
    result["counts"] = sum(abs(count) for _, count in errors.values())
    result["scenarios"] = {name: error for name, (error, _) in errors.items()}
    error, count = spike_list(o, "logistic_spk_400pA", dt, config + ["--set", "segment_bits=6"])
    result["logistic"] = error
    result["counts"] += abs(count)
    rows = [r for r in curve(o, "fi_curve_no_feedback", dt, config) if r["Idc_A"] <= 1.0001e-9 and r["isi_last_s"] > 0]
    result["none"] = max(abs(r["isi_last_s"] - r["reference_isi_last_s"]) for r in rows) / float(dt)
    result["trace"] = max(sampled(o, name, dt, config) for name in TRACES)
    return result


COLUMNS = (("isi", "f-I ISI", "%.1e", 1), ("first", "first spike ms", "%.2f", 1e3),
           ("near", "near rheobase ms", "%.2f", 1e3), ("spikes", "spike times ms", "%.2f", 1e3),
           ("counts", "counts off", "%d", 1), ("logistic", "logistic ms", "%.2f", 1e3),
           ("none", "no feedback, steps", "%.2f", 1), ("trace", "I_mem median", "%.1e", 1))


def judge(results):
    """Lines that say which bound is exceeded; every bound must have been looked at."""
    wrong, used = [], set()
    for r in results:
        for name, bounds in BOUNDS.items():
            for (bits, dt), bound in bounds.items():
                if bits == r["bits"] and (dt is None or float(dt) == r["dt"]):
                    used.add((name, bits, dt))
                    if not r[name] <= bound:
                        wrong.append("dpi, %d bits, %g us: %s is %.3g, the bound is %.3g"
                                     % (bits, r["dt"] * 1e6, name, r[name], bound))
    for name, bounds in BOUNDS.items():
        wrong += ["%s %d %s: never measured" % (name, *key) for key in bounds if (name, *key) not in used]
    return wrong


# ---- lif and loihi --------------------------------------------------------------------------------

# The textbook case: R I = 15 mV, threshold 10 mV above rest and reset, tau_m 20 ms, t_ref 4 ms, so that
# f = 1 / (t_ref + tau_m ln 3) = 38.5 Hz.
TAU, R, V_TH, T_REF = 20.0, 10.0, 10.0, 4.0
CURRENTS = (1.02, 1.05, 1.1, 1.2, 1.35, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 5.0)
LIF = (("lif", "Q8.8", 1.0, ""), ("lif", "Q12.20", 1.0, "data_width=32 fraction=20"),
       ("lif", "Q8.8", 0.1, ""), ("lif", "Q12.20", 0.1, "data_width=32 fraction=20"),
       ("loihi", "12-bit decay", 1.0, ""), ("loihi", "12-bit decay", 0.1, ""))


def continuous(i):
    """Interval in ms, or infinity below the rheobase."""
    return T_REF + TAU * math.log(R * i / (R * i - V_TH)) if R * i > V_TH else math.inf


def lif_interval(o, model, config, dt, i):
    threshold = {"lif": ["v_rest=0", "v_reset=0", "v_threshold=%g" % V_TH], "loihi": ["v_threshold=%g" % V_TH]}
    tau = {"lif": "tau_m", "loihi": "tau_v"}[model]
    encoded = gsp(o.gsp, "encode", model, "--args", *settings(config), "dt=%g" % dt, "%s=%g" % (tau, TAU),
                  "r_m=%g" % R, "t_ref=%g" % T_REF, "i=%.6f" % i, *threshold[model]).split()
    out = gsp(o.gsp, "run", model, *encoded, "--steps", "%d" % (1500 / dt), "--summary")
    found = re.search(r"mean interval ([0-9.]+) steps", out)
    return float(found[1]) * dt if found else math.inf


def lif_cell(o, model, words, dt, config):
    intervals = [lif_interval(o, model, config, dt, i) for i in CURRENTS]
    low, high = 0.5, 2.0
    for _ in range(13):
        middle = (low + high) / 2
        if math.isinf(lif_interval(o, model, config, dt, middle)):
            low = middle
        else:
            high = middle
    at = CURRENTS.index(1.5)
    return {"model": model, "words": words, "dt_ms": dt, "rheobase": high,
            "rheobase_error": high / (V_TH / R) - 1, "rate_1.5nA": 1000 / intervals[at],
            "rate_error": continuous(1.5) / intervals[at] - 1,
            "worst": max((abs(continuous(i) / t - 1) for i, t in zip(CURRENTS, intervals) if i >= 1.1)),
            "interval_steps": max(abs(t - continuous(i)) / dt for i, t in zip(CURRENTS, intervals) if i >= 1.1),
            "curve": [(i, 1000 / t) for i, t in zip(CURRENTS, intervals)]}


# ---- pictures --------------------------------------------------------------------------------------

STYLE = """<style>
    :root { color-scheme: light dark }
    .back { fill: #fff } .grid { stroke: #e3e3e3; stroke-width: 1 } .frame { fill: none; stroke: #999 }
    text { fill: #222; font-family: system-ui, sans-serif } .small { font-size: 12px; fill: #555 }
    .ref { fill: none; stroke: #222; stroke-width: 1.8 } .bound { stroke: #b42318; stroke-width: 1.4; stroke-dasharray: 6 4 }
    .c0 { stroke: #0b6bcb; fill: #0b6bcb } .c1 { stroke: #c2570c; fill: #c2570c } .c2 { stroke: #18794e; fill: #18794e }
    .c3 { stroke: #8e4ec6; fill: #8e4ec6 } .c4 { stroke: #b8860b; fill: #b8860b } .c5 { stroke: #d6336c; fill: #d6336c }
    polyline { fill: none !important; stroke-width: 1.8 }
    @media (prefers-color-scheme: dark) {
      .back { fill: #14171c } .grid { stroke: #2c3138 } .frame { stroke: #667 } text { fill: #e8e8e8 } .small { fill: #aab }
      .ref { stroke: #e8e8e8 } .bound { stroke: #ff8a7a }
      .c0 { stroke: #6bb3ff; fill: #6bb3ff } .c1 { stroke: #ffa057; fill: #ffa057 } .c2 { stroke: #5fd39a; fill: #5fd39a }
      .c3 { stroke: #c79bf2; fill: #c79bf2 } .c4 { stroke: #e6c35c; fill: #e6c35c } .c5 { stroke: #ff8fb3; fill: #ff8fb3 }
    }
  </style>"""


class Plot:
    """One panel with logarithmic axes, in the coordinates of the picture."""

    def __init__(self, left, top, width, height, x, y):
        self.box, self.x, self.y, self.out = (left, top, width, height), x, y, []

    def at(self, x, y):
        left, top, width, height = self.box
        fx = math.log(x / self.x[0]) / math.log(self.x[1] / self.x[0])
        fy = math.log(max(y, self.y[0]) / self.y[0]) / math.log(self.y[1] / self.y[0])
        return left + fx * width, top + height - fy * height

    def frame(self, title, x_label, y_label, x_ticks, y_ticks):
        left, top, width, height = self.box
        for value, label in x_ticks:
            px, _ = self.at(value, self.y[0])
            self.out += ['<line class="grid" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>' % (px, px, top, top + height),
                         '<text class="small" text-anchor="middle" x="%.1f" y="%d">%s</text>' % (px, top + height + 17, label)]
        for value, label in y_ticks:
            _, py = self.at(self.x[0], value)
            self.out += ['<line class="grid" x1="%d" x2="%d" y1="%.1f" y2="%.1f"/>' % (left, left + width, py, py),
                         '<text class="small" text-anchor="end" x="%d" y="%.1f">%s</text>' % (left - 7, py + 4, label)]
        self.out += ['<rect class="frame" x="%d" y="%d" width="%d" height="%d"/>' % self.box,
                     '<text x="%d" y="%d" font-size="15" font-weight="600">%s</text>' % (left, top - 12, title),
                     '<text class="small" text-anchor="middle" x="%d" y="%d">%s</text>' % (left + width / 2, top + height + 36, x_label),
                     '<text class="small" text-anchor="middle" transform="translate(%d %d) rotate(-90)">%s</text>'
                     % (left - 52, top + height / 2, y_label)]

    def line(self, css, points, dots=False):
        places = [self.at(x, y) for x, y in points]
        if not dots:
            self.out.append('<polyline class="%s" points="%s"/>' % (css, " ".join("%.1f,%.1f" % p for p in places)))
        else:
            self.out += ['<circle class="%s" cx="%.1f" cy="%.1f" r="3"/>' % (css, *p) for p in places]

    def bound(self, y, label):
        left, _, width, _ = self.box
        _, py = self.at(self.x[0], y)
        self.out += ['<line class="bound" x1="%d" x2="%d" y1="%.1f" y2="%.1f"/>' % (left, left + width, py, py),
                     '<text class="small" text-anchor="end" x="%d" y="%.1f">%s</text>' % (left + width - 6, py - 5, label)]

    def legend(self, entries, low=False):
        left, top, width, height = self.box
        if low:
            left, top = left + width - 220, top + height - 18 * len(entries) - 14
        for k, (css, label) in enumerate(entries):
            y = top + 18 + 18 * k
            shape = 'line class="%s" stroke-width="2"' % css
            self.out += ['<%s x1="%d" x2="%d" y1="%d" y2="%d"/>' % (shape, left + 12, left + 34, y, y),
                         '<text class="small" x="%d" y="%d">%s</text>' % (left + 41, y + 4, label)]


def picture(path, title, plots):
    text = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 940 400">', "  <!-- SPDX-License-Identifier: Apache-2.0; drawn by scripts/accuracy.sh -->",
            "  <title>%s</title>" % title, "  " + STYLE, '  <rect class="back" width="940" height="400"/>']
    text += ["  " + line for plot in plots for line in plot.out] + ["</svg>", ""]
    with open(path + ".tmp", "w", encoding="utf-8") as file:
        file.write("\n".join(text))
    os.replace(path + ".tmp", path)


def powers(first, last):
    raised = str.maketrans("-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
    return [(10.0 ** k, "10" + str(k).translate(raised)) for k in range(first, last + 1)]


def draw_dpi(folder, results):
    left = Plot(80, 40, 370, 300, (5e-12, 1.2e-8), (0.5, 200))
    left.frame("dpi: rate over input current", "input current, pA", "rate, Hz",
               [(1e-11, "10"), (1e-10, "100"), (1e-9, "1000"), (1e-8, "10000")], [(1, "1"), (10, "10"), (100, "100")])
    curve_ = [(i, ref) for i, _, ref in results[0]["curve"] if ref > 0]
    left.line("ref", [(i, 1 / ref) for i, ref in curve_])
    for css, bits, dt in (("c0", 24, 1e-4), ("c2", 32, 1e-5)):
        cell = next(r for r in results if r["bits"] == bits and r["dt"] == dt)
        left.line(css, [(i, 1 / isi) for i, isi, ref in cell["curve"] if isi > 0 and ref > 0], dots=True)
    left.legend([("ref", "circuit equation"), ("c0", "24 bits, 100 us"), ("c2", "32 bits, 10 us")], low=True)
    right = Plot(540, 40, 370, 300, (5e-12, 1.2e-8), (1e-7, 0.3))
    right.frame("relative error of the interspike interval", "input current, pA", "relative error",
                [(1e-11, "10"), (1e-10, "100"), (1e-9, "1000"), (1e-8, "10000")], powers(-7, -1))
    entries = []
    for k, (bits, dt) in enumerate(((24, 1e-4), (24, 2e-5), (24, 1e-5), (32, 1e-4), (32, 2e-5), (32, 1e-5))):
        cell = next(r for r in results if r["bits"] == bits and r["dt"] == dt)
        right.line("c%d" % k, [(i, abs(isi / ref - 1)) for i, isi, ref in cell["curve"] if isi > 0 and ref > 0])
        entries.append(("c%d" % k, "%d bits, %g us" % (bits, dt * 1e6)))
    right.bound(1e-3, "")
    right.legend(entries)
    picture(os.path.join(folder, "dpi_accuracy.svg"), "Accuracy of dpi against the circuit equation", [left, right])


def draw_lif(folder, cells):
    ticks = [(1, "1"), (1.5, "1.5"), (2, "2"), (3, "3"), (4, "4"), (5, "5")]
    left = Plot(80, 40, 370, 300, (0.95, 5.2), (8, 150))
    left.frame("lif and loihi: rate over input current", "input current, nA", "rate, Hz", ticks,
               [(10, "10"), (20, "20"), (50, "50"), (100, "100")])
    left.line("ref", [(x / 1000, 1000 / continuous(x / 1000)) for x in range(1001, 5001, 5)
                      if 1000 / continuous(x / 1000) > 8])
    right = Plot(540, 40, 370, 300, (0.95, 5.2), (1e-5, 3))
    right.frame("relative error of the rate", "input current, nA", "relative error", ticks, powers(-5, 0))
    entries = [("ref", "closed form")]
    for k, c in enumerate(cells):
        css = "c%d" % k
        left.line(css, [(i, f) for i, f in c["curve"] if f > 8], dots=True)
        right.line(css, [(i, abs(f * continuous(i) / 1000 - 1)) for i, f in c["curve"] if f > 0])
        entries.append((css, "%s %s, %g ms" % (c["model"], c["words"], c["dt_ms"])))
    left.legend(entries, low=True)
    picture(os.path.join(folder, "lif_accuracy.svg"), "Accuracy of lif and loihi against the closed form", [left, right])


# ---- the report --------------------------------------------------------------------------------------


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gsp", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--svg")
    parser.add_argument("--json", action="store_true")
    o = parser.parse_args()
    if not os.path.isdir(o.data):
        raise Bad(o.data + ": no such folder")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        cells = pool.map(lambda c: dpi_cell(o, *c), [(bits, dt) for bits in (24, 32) for dt in STEPS])
        lifs = pool.map(lambda c: lif_cell(o, *c), LIF)
        results, lifs = list(cells), list(lifs)
    wrong = judge(results)
    for c in lifs:
        # Rounding up to a whole step, and the rounding of tau_m (4e-5 at 0.1 ms).
        if c["words"] == "Q12.20" and c["interval_steps"] > 1.05:
            wrong.append("lif Q12.20, dt %g ms: interval off by %.3f steps, the bound is 1.05"
                         % (c["dt_ms"], c["interval_steps"]))
    if o.json:
        print(json.dumps({"dpi": results, "lif": lifs, "wrong": wrong}, indent=1))
    else:
        print("dpi against the circuit equation (f-I 7.5 pA to 1 nA; times are the largest errors)\n")
        print("%4s %7s" % ("bits", "dt us") + "".join(" %18s" % title for _, title, _, _ in COLUMNS))
        for r in results:
            print("%4d %7g" % (r["bits"], r["dt"] * 1e6)
                  + "".join(" %18s" % (form % (r[name] * scale)) for name, _, form, scale in COLUMNS))
        print("\nspike times by scenario, ms\n\n%4s %7s" % ("bits", "dt us") + "".join(" %17s" % n for n in SCENARIOS))
        for r in results:
            print("%4d %7g" % (r["bits"], r["dt"] * 1e6) + "".join(" %17.2f" % (r["scenarios"][n] * 1e3) for n in SCENARIOS))
        print("\nlif and loihi against the closed form: tau_m %g ms, R %g MOhm, threshold %g mV above rest, t_ref %g ms;\n"
              "rheobase %.3f nA, %.2f Hz at 1.5 nA\n" % (TAU, R, V_TH, T_REF, V_TH / R, 1000 / continuous(1.5)))
        print("%-6s %-13s %6s %12s %9s %13s %9s %18s" % ("model", "words", "dt ms", "rheobase nA", "error", "Hz at 1.5 nA", "error", "worst 1.1..5 nA"))
        for c in lifs:
            print("%-6s %-13s %6g %12.3f %8.2f%% %13.2f %8.2f%% %17.2f%%"
                  % (c["model"], c["words"], c["dt_ms"], c["rheobase"], 100 * c["rheobase_error"], c["rate_1.5nA"],
                     100 * c["rate_error"], 100 * c["worst"]))
        print()
        for line in wrong:
            print("EXCEEDED: " + line)
        print("accuracy: %d bounds, %d exceeded" % (sum(len(b) for b in BOUNDS.values()) + 2, len(wrong)))
    if o.svg:
        draw_dpi(o.svg, results)
        draw_lif(o.svg, lifs)
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Bad as problem:
        print("accuracy: %s" % problem, file=sys.stderr)
        sys.exit(2)
