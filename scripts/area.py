# SPDX-License-Identifier: Apache-2.0
"""Runs Yosys on the entries of fpga/budgets.json; called by scripts/area.sh.

An entry: model, form (`neuron`, `step`...: for the reader), top, and optionally
parameters {NAME: value}, tied {input port: value}, open [output ports left
unconnected], dsp (true: synth_ice40 -dsp), note, budget {lut, carry, ff, dsp,
bram: most allowed}. Everything else is a free port of the wrapper.
"""
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

COUNTED = ("lut", "carry", "ff", "dsp", "bram")
KEYS = {"model", "form", "top", "parameters", "tied", "open", "dsp", "note", "budget"}


class Crash(Exception):
    """The tool failed: no verdict about area."""


def bad_data(text):
    print(f"area: fpga/budgets.json: {text}", file=sys.stderr)
    sys.exit(2)


def kind(cell):
    if cell == "SB_LUT4":
        return "lut"
    if cell == "SB_CARRY":
        return "carry"
    if cell.startswith("SB_DFF"):
        return "ff"
    if cell == "SB_MAC16":
        return "dsp"
    if cell.startswith("SB_RAM40"):
        return "bram"
    return None


def yosys(work, name, script):
    log = os.path.join(work, name + ".log")
    with open(log, "w", encoding="utf-8") as out:
        code = subprocess.run(["yosys", "-p", script], stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False)
    if code.returncode != 0:
        with open(log, encoding="utf-8") as text:
            raise Crash(f"{name}: yosys: {text.read().strip().splitlines()[-1]}")


def netlist(path, top):
    with open(path, encoding="utf-8") as text:
        modules = json.load(text)["modules"]
    # A parameterised module keeps its own name only as top.
    return modules[top]


def wrapper(entry, ports):
    """A top that ties and opens what the entry says and passes on every other port."""
    tied, opened = entry.get("tied", {}), entry.get("open", [])
    for name in list(tied) + opened:
        wanted = "input" if name in tied else "output"
        if ports.get(name, {}).get("direction") != wanted:
            bad_data(f"{entry['top']} has no {wanted} {name}")
    declared, connected = [], []
    for name, port in ports.items():
        width = len(port["bits"])
        if name in tied:
            connected.append(f".{name}({width}'d{tied[name] % 2 ** width})")
        elif name in opened:
            connected.append(f".{name}()")
        else:
            declared.append(f"{port['direction']} wire [{width - 1}:0] {name}")
            connected.append(f".{name}({name})")
    parameters = ", ".join(f".{k}({v})" for k, v in entry.get("parameters", {}).items())
    return (
        f"module area_top ({', '.join(declared)});\n"
        f"    {entry['top']} #({parameters}) dut ({', '.join(connected)});\nendmodule\n"
    )


def measure(root, work, number, entry):
    name = f"{number}_{entry['top']}"
    common, folder = f"{root}/rtl/common", f"{root}/rtl/{entry['model']}"
    files = [f"{d}/{f}" for d in (common, folder) for f in sorted(os.listdir(d)) if f.endswith(".v")]
    read = f"read_verilog -I{common} {' '.join(files)}; "
    ports_json, top_v, result = (f"{work}/{name}{end}" for end in (".ports.json", ".v", ".json"))
    # Widths of ports depend on parameters: ask the tool. chparam knows no negative number,
    # the wrapper does; its ports are those of the elaborated module.
    chparam = "".join(f"-chparam {k} {v} " for k, v in entry.get("parameters", {}).items())
    yosys(work, name + ".ports", f"{read} hierarchy -check -top {entry['top']} {chparam}; proc; write_json {ports_json}")
    with open(top_v, "w", encoding="utf-8") as out:
        out.write(wrapper(entry, netlist(ports_json, entry["top"])["ports"]))
    dsp = "-dsp" if entry.get("dsp") else ""
    yosys(work, name, f"{read} read_verilog {top_v}; synth_ice40 {dsp} -top area_top; write_json {result}")
    used = dict.fromkeys(COUNTED, 0)
    for cell in netlist(result, "area_top")["cells"].values():
        if kind(cell["type"]):
            used[kind(cell["type"])] += 1
    return used


def settings(entry):
    text = [f"{k}={v}" for k, v in entry.get("parameters", {}).items()]
    text += [f"{k}:={v}" for k, v in entry.get("tied", {}).items()]
    text += [f"{k} open" for k in entry.get("open", [])]
    return " ".join(text) or "-"


def main():
    root, work, jobs, models = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
    try:
        with open(f"{root}/fpga/budgets.json", encoding="utf-8") as text:
            entries = json.load(text)["entries"]
    except (OSError, ValueError, KeyError) as error:
        bad_data(error)
    for entry in entries:
        unknown = set(entry) - KEYS | set(entry.get("budget", {})) - set(COUNTED)
        if unknown or not {"model", "form", "top"} <= set(entry):
            bad_data(f"entry {entry}: {sorted(unknown) or 'needs model, form and top'}")
    absent = [m for m in models if m not in {e["model"] for e in entries}]
    if absent:
        bad_data(f"no entry for {' '.join(absent)}")
    entries = [e for e in entries if not models or e["model"] in models]
    if not entries:
        bad_data("no entry")

    version = subprocess.run(["yosys", "-V"], capture_output=True, text=True, check=True).stdout
    print(f"iCE40, {' '.join(version.split()[:2])}, synth_ice40; used/budget\n")
    head = f"{'model':<12} {'form':<7} {'target':<5} {'LUT4':>9} {'carry':>7} {'FF':>7} {'DSP':>5} {'BRAM':>5}  configuration"
    print(head)
    over = 0
    with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        results = [pool.submit(measure, root, work, n, e) for n, e in enumerate(entries)]
        for entry, result in zip(entries, results):
            try:
                used = result.result()
            except (Crash, OSError, KeyError) as error:
                print(f"area: {error}", file=sys.stderr)
                os._exit(3)
            budget = entry.get("budget", {})
            fields, excess = [], []
            for key in COUNTED:
                fields.append(f"{used[key]}/{budget[key]}" if key in budget else str(used[key]))
                if used[key] > budget.get(key, used[key]):
                    excess.append(key)
            target = "dsp" if entry.get("dsp") else "lut"
            print(
                f"{entry['model']:<12} {entry['form']:<7} {target:<5} {fields[0]:>9} {fields[1]:>7} {fields[2]:>7} "
                f"{fields[3]:>5} {fields[4]:>5}  {settings(entry)}{'  OVER: ' + ' '.join(excess) if excess else ''}",
                flush=True,
            )
            over += bool(excess)
    print(f"\n{'FAIL' if over else 'PASS'} area: {len(entries) - over} of {len(entries)} entries within budget")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
