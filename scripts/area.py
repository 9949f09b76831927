# SPDX-License-Identifier: Apache-2.0
"""Runs Yosys and nextpnr on the entries of fpga/budgets.json; called by scripts/area.sh.

The file: `tools` {yosys, nextpnr-ice40: the versions the figures are from} and `entries`.
An entry: model, form (`neuron`, `step`...: for the reader), top, and optionally
parameters {NAME: value}, tied {input port: value}, open [output ports left
unconnected], dsp (true: DSP blocks are used), note, cycles (clocks per update; 1 where
the form is not `serial`), budget {lut, carry, ff, dsp, bram: most allowed},
measured {lut: cells, fmax: {device: MHz}, netlist: {target: digest of the netlist, and of
what stood around it, for these clocks}}. Everything else is a free port of the wrapper.

fpga/recorded.json, which --record writes, has what synthesis gave for each entry: `inputs`, the digest of all that
decides it, `area` and `netlist`. With --changed an entry whose inputs are the recorded ones is not synthesised.
"""
import argparse
import hashlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

COUNTED = ("lut", "carry", "ff", "dsp", "bram")
KEYS = {"model", "form", "top", "parameters", "tied", "open", "dsp", "note", "cycles", "budget", "measured"}
LUT_TOLERANCE, FMAX_TOLERANCE = 1.02, 0.95
SEEDS = (1, 2, 3)

# Each target: what synthesises it, and its cells as (kind, pattern of the cell's type).
TARGETS = {
    "ice40": ("synth_ice40{} -top {}", " -dsp", "",
              (("lut", "SB_LUT4"), ("carry", "SB_CARRY"), ("ff", "SB_DFF.*"), ("dsp", "SB_MAC16"),
               ("bram", "SB_RAM40.*"))),
    "ecp5": ("synth_ecp5{} -top {}", "", " -nodsp",
             (("lut", "LUT4"), ("carry", "CCU2C"), ("ff", "TRELLIS_FF"), ("dsp", "MULT.*"),
              ("bram", "DP16KD|PDPW16KD"))),
    "xilinx7": ("synth_xilinx -family xc7 -flatten -noiopad -noclkbuf{} -top {}", "", " -nodsp",
                (("lut", "LUT[1-6]|INV|SRL.*|RAM(32|64|128).*"), ("carry", "CARRY4"), ("ff", "FD[RSCP]E.*"),
                 ("dsp", "DSP48E1"), ("bram", "RAMB.*"))),
}
TARGET_NAMES = {"ice40": "iCE40", "ecp5": "ECP5 (LUT4, CCU2C)", "xilinx7": "Xilinx 7 (LUT1..6, CARRY4)"}
# Each device: its target, its nextpnr, and whether it has DSP blocks.
DEVICES = {
    "hx8k": ("ice40", ["nextpnr-ice40", "--hx8k", "--package", "ct256"], False),
    "up5k": ("ice40", ["nextpnr-ice40", "--up5k", "--package", "sg48"], True),
    "ecp5-25k": ("ecp5", ["nextpnr-ecp5", "--25k", "--package", "CABGA381"], True),
}


class Crash(Exception):
    """The tool failed: no verdict about area."""


def bad_data(text):
    print(f"area: {text}", file=sys.stderr)
    sys.exit(2)


def run(command, log, env_name):
    """The exit code; the output is in the log."""
    with open(log, "w", encoding="utf-8") as out:
        try:
            code = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False)
        except OSError as error:
            raise Crash(f"{env_name}: {error}") from error
    return code.returncode


def yosys(work, name, script):
    log = os.path.join(work, name + ".log")
    if run(["yosys", "-p", script], log, name) != 0:
        with open(log, encoding="utf-8") as text:
            raise Crash(f"{name}: yosys: {(text.read().strip() or 'no output').splitlines()[-1]}")


def netlist(path, top):
    with open(path, encoding="utf-8") as text:
        modules = json.load(text)["modules"]
    # A parameterised module keeps its own name only as top.
    return modules[top]


def digest(module, around):
    """
    Of a netlist without its names, and of what is put around it for the clock: the same ones, seed and
    nextpnr give the same clock.
    """
    cells = [[cell[key] for key in ("type", "parameters", "connections")] for cell in module["cells"].values()]
    return hashlib.sha256(json.dumps([module["ports"], cells, around]).encode()).hexdigest()[:16]


def lost_inputs(cells):
    """Addends of DSP blocks that have no source: Yosys 0.23 can lose it when it takes a register into a block."""
    return sorted({
        pin for cell in cells.values()
        if cell["type"] == "SB_MAC16" and int(cell["parameters"]["TOPOUTPUT_SELECT"], 2) != 3
        for pin in "CD" if "x" in cell["connections"].get(pin, [])
    })


def files_of(root, model, ends=(".v",)):
    """What Yosys is given to read, in this order; with more ends also what these files take in."""
    return [f"{d}/{f}" for d in (f"{root}/rtl/common", f"{root}/rtl/{model}") for f in sorted(os.listdir(d)) if f.endswith(ends)]


def digest_of_files(paths, root):
    """Of names and contents."""
    total = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:
            content = file.read()
        total.update(f"{os.path.relpath(path, root)} {len(content)}\n".encode() + content)
    return total.hexdigest()


def digest_of_tools():
    """
    Of what makes a netlist of the Verilog: Yosys and its ABC to the byte, the version that Yosys names, its cell
    libraries, and this file. None where they are not found: nothing is taken from the record then.
    """
    programs = [shutil.which(tool) for tool in ("yosys", "yosys-abc")]
    if not all(programs):
        return None
    share = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(programs[0]))), "share", "yosys")
    if not os.path.isdir(f"{share}/ice40"):
        return None
    libraries = sorted(f"{d}/{f}" for d in (share, f"{share}/ice40") for f in os.listdir(d) if os.path.isfile(f"{d}/{f}"))
    said = subprocess.run(["yosys", "-V"], capture_output=True, text=True, check=False).stdout
    parts = [digest_of_files([path], os.path.dirname(path)) for path in programs + [os.path.abspath(__file__)]]
    return hashlib.sha256(json.dumps([said, digest_of_files(libraries, share)] + parts).encode()).hexdigest()


def inputs_of(root, entry, tools):
    """The digest of all that decides what the synthesis of an entry gives; None where that is not known."""
    if tools is None:
        return None
    model = entry["model"]
    # bugs.txt and lint.txt are for other readers.
    read = digest_of_files([f for f in files_of(root, model, "") if not f.endswith(".txt")], root)
    options = [entry["top"], bool(entry.get("dsp"))]
    options += [sorted((k, str(v)) for k, v in entry.get(key, {}).items()) for key in ("parameters", "tied")]
    return hashlib.sha256(json.dumps([tools, read, options, sorted(entry.get("open", []))]).encode()).hexdigest()[:16]


def row_of(entry):
    """An entry's name in the record."""
    return " ".join([entry["model"], entry["form"], entry["top"], "dsp" if entry.get("dsp") else "lut", settings(entry)])


def load_record(path):
    """Row: {inputs, area, netlist}. Without a file nothing is recorded."""
    if not os.path.exists(path):
        return {}
    try:
        with open(path, encoding="utf-8") as text:
            rows = json.load(text)["rows"]
        for name, row in rows.items():
            whole = (isinstance(row["inputs"], str) and isinstance(row["netlist"]["ice40"], str)
                     and set(row["area"]["ice40"]) == set(COUNTED)
                     and all(isinstance(n, int) and n >= 0 for n in row["area"]["ice40"].values()))
            if not whole:
                raise ValueError(f"row '{name}'")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        bad_data(f"{path}: {error!r}; scripts/area.sh --record writes it anew")
    return rows


def save_record(path, old, rows, names):
    """Rows of entries that there are no more are left out."""
    kept = {name: rows.get(name, old.get(name)) for name in sorted(names) if name in rows or name in old}
    lines = [f"  {json.dumps(name)}: {json.dumps(row, sort_keys=True)}" for name, row in kept.items()]
    with open(path, "w", encoding="utf-8") as out:
        out.write('{"rows": {\n' + ",\n".join(lines) + "\n}}\n")


def against_record(row, inputs, area, digests):
    """What of a synthesis is not what the record has for these same inputs."""
    if inputs is None or row is None or row["inputs"] != inputs:
        return []
    wrong = [f"{key} {n}, recorded {row['area']['ice40'][key]}" for key, n in area.items() if n != row["area"]["ice40"][key]]
    if digests["ice40"] != row["netlist"]["ice40"]:
        wrong.append(f"netlist {digests['ice40']}, recorded {row['netlist']['ice40']}")
    return wrong


def count(cells, target):
    used = dict.fromkeys(COUNTED, 0)
    for cell in cells.values():
        for kind, pattern in TARGETS[target][3]:
            if re.fullmatch(pattern, cell["type"]):
                used[kind] += 1
    return used


def split_ports(entry, ports):
    """The ports that stay free, and every connection of the module but theirs."""
    tied, opened = entry.get("tied", {}), entry.get("open", [])
    for name in list(tied) + opened:
        wanted = "input" if name in tied else "output"
        if ports.get(name, {}).get("direction") != wanted:
            bad_data(f"{entry['top']} has no {wanted} {name}")
    free, connected = {}, []
    for name, port in ports.items():
        width = len(port["bits"])
        if name in tied:
            connected.append(f".{name}({width}'d{tied[name] % 2 ** width})")
        elif name in opened:
            connected.append(f".{name}()")
        else:
            free[name] = (port["direction"], width)
    return free, connected


def instance(entry, connected):
    parameters = ", ".join(f".{k}({v})" for k, v in entry.get("parameters", {}).items())
    return f"    {entry['top']} #({parameters}) dut ({', '.join(connected)});\n"


def wrapper(entry, ports):
    """A top that ties and opens what the entry says and passes on every other port."""
    free, connected = split_ports(entry, ports)
    declared = [f"{direction} wire [{width - 1}:0] {name}" for name, (direction, width) in free.items()]
    connected += [f".{name}({name})" for name in free]
    return f"module area_top ({', '.join(declared)});\n{instance(entry, connected)}endmodule\n"


def harness(entry, ports):
    """
    A top with three pins: one shift register drives every free input, a second one takes up
    every output, so that each path of the module starts and ends in a flip-flop. The module's
    own clock is the top's.
    """
    free, connected = split_ports(entry, ports)
    driven = [(n, w) for n, (d, w) in free.items() if d == "input" and n != "clk"]
    seen = [(n, w) for n, (d, w) in free.items() if d == "output"]
    inputs, outputs = (max(1, sum(w for _, w in group)) for group in (driven, seen))
    if "clk" in free:
        connected.append(".clk(clk)")
    for group, bus in ((driven, "drive"), (seen, "out")):
        low = 0
        for name, width in group:
            connected.append(f".{name}({bus}[{low + width - 1}:{low}])")
            low += width
    return (
        "module fmax_top (input wire clk, input wire in, output wire out_pin);\n"
        f"    reg [{inputs - 1}:0] drive;\n    wire [{outputs - 1}:0] out;\n    reg [{outputs - 1}:0] capture;\n"
        f"{instance(entry, connected)}"
        "    always @(posedge clk) begin\n"
        # One bit more on the right, cut off on the left: a shift at any width, 1 too.
        "        drive <= {drive, in};\n"
        f"        capture <= out ^ {{capture, drive[{inputs - 1}]}};\n"
        "    end\n"
        f"    assign out_pin = capture[{outputs - 1}];\nendmodule\n"
    )


def clock(work, name, device, json_in):
    """MHz of each seed, or None where the design does not fit the device."""
    reached = []
    for seed in SEEDS:
        log = f"{work}/{name}.{device}.{seed}.log"
        command = DEVICES[device][1] + ["--json", json_in, "--seed", str(seed), "--freq", "150", "--timing-allow-fail"]
        code = run(command, log, name)
        with open(log, encoding="utf-8") as text:
            output = text.read()
        # Of the two reports the later one is that of the routed design. A DSP block without registers makes nextpnr see a
        # second clock, the constant 0.
        found = dict(re.findall(r"Max frequency for clock\s+(\S+): ([0-9.]+) MHz", output))
        if code != 0 and re.search(r"no B(EL|el)s? remaining|[Uu]nable to find a placement|[Uu]nable to place", output):
            return None
        if code != 0 or not found:
            errors = [line for line in output.splitlines() if "ERROR" in line] or output.strip().splitlines() or ["no output"]
            raise Crash(f"{name}: {command[0]}: {errors[-1]}")
        reached.append(min(map(float, found.values())))
    return reached


def measure(options, number, entry, targets, devices):
    root, work = options.root, options.work
    name = f"{number}_{entry['top']}"
    read = f"read_verilog -I{root}/rtl/common {' '.join(files_of(root, entry['model']))}; "
    ports_json, top_v = (f"{work}/{name}{end}" for end in (".ports.json", ".v"))
    # Widths of ports depend on parameters: ask the tool. chparam knows no negative number,
    # the wrapper does; its ports are those of the elaborated module.
    chparam = "".join(f"-chparam {k} {v} " for k, v in entry.get("parameters", {}).items())
    yosys(work, name + ".ports", f"{read} hierarchy -check -top {entry['top']} {chparam}; proc; write_json {ports_json}")
    ports = netlist(ports_json, entry["top"])["ports"]
    with open(top_v, "w", encoding="utf-8") as out:
        out.write(wrapper(entry, ports) + harness(entry, ports))

    def synthesise(target, top, result):
        script, with_dsp, without_dsp, _ = TARGETS[target]
        script = script.format(with_dsp if entry.get("dsp") else without_dsp, top)
        yosys(work, f"{name}.{target}.{top}", f"{read} read_verilog {top_v}; {script}; write_json {result}")

    area, mhz, netlists = {}, {}, {}
    recorded = entry.get("measured", {}).get("netlist", {})
    for target in targets:
        result = f"{work}/{name}.{target}.json"
        synthesise(target, "area_top", result)
        module = netlist(result, "area_top")
        cells = module["cells"]
        netlists[target] = digest(module, harness(entry, ports))
        if lost := lost_inputs(cells):
            raise Crash(f"{name}: yosys lost what drives {', '.join(lost)} of an SB_MAC16: the netlist is not of this Verilog")
        area[target] = count(cells, target)
    for device in devices:
        target, _, has_dsp = DEVICES[device]
        if entry.get("dsp") and not has_dsp:
            continue
        if options.changed and target in netlists and netlists[target] == recorded.get(target):
            continue
        result = f"{work}/{name}.{target}.fmax.json"
        if not os.path.exists(result):
            synthesise(target, "fmax_top", result)
        mhz[device] = clock(work, name, device, result)
    return area, mhz, netlists


def settings(entry):
    text = [f"{k}={v}" for k, v in entry.get("parameters", {}).items()]
    text += [f"{k}:={v}" for k, v in entry.get("tied", {}).items()]
    text += [f"{k} open" for k in entry.get("open", [])]
    return " ".join(text) or "-"


def version(tool, flag):
    if not shutil.which(tool):
        return None
    text = subprocess.run([tool, flag], capture_output=True, text=True, check=False)
    # nextpnr prints it on standard error, with the packager's revision behind.
    found = re.search(r"\d+\.\d+(\.\d+)?", text.stdout + text.stderr)
    return found.group() if found else "unknown"


def load(path, models, recorded):
    try:
        with open(path, encoding="utf-8") as text:
            data = json.load(text)
        entries, tools = data["entries"], data["tools"]
    except (OSError, ValueError, KeyError) as error:
        bad_data(f"{path}: {error!r}")
    for entry in entries:
        measured = entry.get("measured", {})
        unknown = (set(entry) - KEYS | set(entry.get("budget", {})) - set(COUNTED) | set(measured) - {"lut", "fmax", "netlist"}
                   | set(measured.get("fmax", {})) - set(DEVICES) | set(measured.get("netlist", {})) - set(TARGETS))
        if unknown or not {"model", "form", "top"} <= set(entry):
            bad_data(f"{path}: entry {entry}: {sorted(unknown) or 'needs model, form and top'}")
    absent = [m for m in models if m not in {e["model"] for e in entries}]
    if absent:
        bad_data(f"{path}: no entry for {' '.join(absent)}")
    entries = [e for e in entries if not models or e["model"] in models]
    if recorded:
        entries = [e for e in entries if e.get("measured", {}).get("fmax")]
    if not entries:
        bad_data(f"{path}: no entry")
    return entries, tools


def judge(entry, used, mhz, same):
    """What is over, in words."""
    budget, measured, excess = entry.get("budget", {}), entry.get("measured", {}), []
    if same["yosys"]:
        for key in COUNTED:
            if used[key] > budget.get(key, used[key]):
                excess.append(f"{key} {used[key]} > {budget[key]}")
        if used["lut"] > LUT_TOLERANCE * measured.get("lut", used["lut"]):
            excess.append(f"lut {used['lut']} > {measured['lut']} + 2 %")
    if same["yosys"] and same["nextpnr-ice40"]:
        for device, expected in measured.get("fmax", {}).items():
            if device not in mhz:
                continue
            if mhz[device] is None:
                excess.append(f"{device} does not fit any more")
            elif statistics.median(mhz[device]) < FMAX_TOLERANCE * expected:
                excess.append(f"{device} {statistics.median(mhz[device]):.1f} MHz < {expected} - 5 %")
    return excess


def known(options, entry, row, inputs, devices):
    """What measure() would give, from the record; None where it has to be synthesised."""
    if not options.changed or options.all_targets or entry["model"] in options.synthesise:
        return None
    if inputs is None or row is None or row["inputs"] != inputs:
        return None
    if devices and row["netlist"]["ice40"] != entry["measured"].get("netlist", {}).get("ice40"):
        return None
    return row["area"], {}, row["netlist"]


def report(entry, area, mhz, netlists, excess):
    """One entry as data."""
    data = {k: entry[k] for k in ("model", "form", "top", "note") if k in entry}
    data.update(parameters=entry.get("parameters", {}), tied=entry.get("tied", {}), open=entry.get("open", []),
                dsp=bool(entry.get("dsp")), area=area, netlist=netlists, over=excess)
    cycles = entry.get("cycles", None if entry["form"] == "serial" else 1)
    data["cycles"] = cycles
    data["fmax"] = {}
    for device, seeds in mhz.items():
        if seeds is None:
            data["fmax"][device] = None
            continue
        median = statistics.median(seeds)
        rate = {"mhz": median, "seeds": seeds}
        lut = area.get(DEVICES[device][0], {}).get("lut", 0)
        if cycles:
            rate["updates_per_s"] = median * 1e6 / cycles
            if lut:
                rate["updates_per_s_per_lut"] = median * 1e6 / cycles / lut
        data["fmax"][device] = rate
    return data


def line(entry, data, target):
    budget = entry.get("budget", {}) if target == "ice40" else {}
    fields = [f"{n}/{budget[key]}" if key in budget else str(n) for key, n in data["area"][target].items()]
    kind = "dsp" if entry.get("dsp") else "lut"
    taken = "  (recorded)" if data["recorded"] else ""
    over = "  OVER: " + "; ".join(data["over"]) if data["over"] and target == "ice40" else ""
    return (
        f"{entry['model']:<20} {entry['form']:<7} {kind:<5} {fields[0]:>9} {fields[1]:>7} {fields[2]:>7} "
        f"{fields[3]:>5} {fields[4]:>5}  {settings(entry)}{taken}{over}"
    )


def speed_lines(entry, data):
    expected = entry.get("measured", {}).get("fmax", {})
    for device, rate in data["fmax"].items():
        head = f"{entry['model']:<20} {entry['form']:<7} {'dsp' if entry.get('dsp') else 'lut':<5} {device:<8} "
        if rate is None:
            yield f"{head} {'does not fit':>13}"
            continue
        shown = f"{rate['mhz']:.1f}" + (f"/{expected[device]}" if device in expected else "")
        updates = f"{rate['updates_per_s'] / 1e6:.1f}" if "updates_per_s" in rate else "-"
        per_lut = f"{rate['updates_per_s_per_lut'] / 1e6:.3f}" if "updates_per_s_per_lut" in rate else "-"
        spread = " ".join(f"{s:.1f}" for s in rate["seeds"])
        yield f"{head} {shown:>13} {data['cycles'] or '-':>6} {updates:>11} {per_lut:>11}  ({spread})  {settings(entry)}"


def netlist_notes(entry, data):
    """Whether what is placed is what the recorded clocks are of."""
    expected = entry.get("measured", {})
    for target, found in data["netlist"].items():
        if expected.get("fmax") and found != expected.get("netlist", {}).get(target):
            yield (f"netlist of {entry['model']} {entry['form']} {settings(entry)} for {target}: {found}; the recorded clock "
                   f"is that of {expected.get('netlist', {}).get(target, 'none')}")


def main():
    parser = argparse.ArgumentParser(prog="area")
    for name in ("root", "work"):
        parser.add_argument(name)
    parser.add_argument("jobs", type=int)
    parser.add_argument("--fmax", action="store_true")
    parser.add_argument("--recorded", action="store_true")
    parser.add_argument("--changed", action="store_true")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--synthesise", action="append", default=[])
    parser.add_argument("--all-targets", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--budgets")
    parser.add_argument("models", nargs="*")
    options = parser.parse_intermixed_args()
    options.fmax |= options.changed
    budgets = options.budgets or f"{options.root}/fpga/budgets.json"
    entries, recorded = load(budgets, options.models, options.recorded)
    if options.record and options.changed:
        bad_data("--record is for what is synthesised, --changed leaves that out")
    absent = [m for m in options.synthesise if m not in {e["model"] for e in entries}]
    if absent:
        bad_data(f"--synthesise: no entry for {' '.join(absent)}")
    if options.synthesise and not options.changed:
        bad_data("--synthesise is for --changed; without it everything is synthesised")
    record_path = f"{options.root}/fpga/recorded.json"
    record = {} if options.budgets else load_record(record_path)
    if options.record and options.budgets:
        bad_data("--record is for the entries of fpga/budgets.json")
    maker = digest_of_tools()

    tools = {"yosys": version("yosys", "-V")}
    targets = list(TARGETS) if options.all_targets else ["ice40"]
    devices, notes = [], []
    if options.fmax:
        tools["nextpnr-ice40"] = version("nextpnr-ice40", "--version")
        devices = ["hx8k", "up5k"]
        if shutil.which("nextpnr-ecp5"):
            tools["nextpnr-ecp5"] = version("nextpnr-ecp5", "--version")
            devices.append("ecp5-25k")
        else:
            notes.append("SKIP ecp5-25k: nextpnr-ecp5 is not installed")
    # A figure of another version says nothing about the Verilog.
    same = {tool: tool in tools and tools[tool] == recorded.get(tool) for tool in ("yosys", "nextpnr-ice40")}
    for tool, good in same.items():
        if tool in tools and not good:
            notes.append(f"NOT JUDGED: the budgets are those of {tool} {recorded.get(tool)}, this is {tools[tool]}")

    show = (lambda *_, **__: None) if options.json else print
    show(f"{', '.join(f'{tool} {text}' for tool, text in tools.items())}; used/budget\n")
    results = []
    with ThreadPoolExecutor(max_workers=max(1, options.jobs)) as pool:
        chosen = [[d for d in devices if not (options.recorded or options.changed) or d in e.get("measured", {}).get("fmax", {})]
                  for e in entries]
        inputs = [inputs_of(options.root, e, maker) for e in entries]
        rows = [record.get(row_of(e)) for e in entries]
        taken = [known(options, e, rows[n], inputs[n], chosen[n]) for n, e in enumerate(entries)]
        futures = [None if taken[n] else pool.submit(measure, options, n, e, targets, chosen[n]) for n, e in enumerate(entries)]
        show(f"{TARGET_NAMES['ice40']}\n{'model':<20} {'form':<7} {'for':<5} {'LUT4':>9} {'carry':>7} {'FF':>7} "
             f"{'DSP':>5} {'BRAM':>5}  configuration")
        for n, (entry, future) in enumerate(zip(entries, futures)):
            try:
                area, mhz, netlists = taken[n] or future.result()
            except (Crash, OSError, KeyError) as error:
                print(f"area: {error}", file=sys.stderr)
                sys.stderr.flush()
                os._exit(3)
            except SystemExit:
                sys.stderr.flush()
                os._exit(2)
            excess = judge(entry, area["ice40"], mhz, same)
            # Of what is recorded for other inputs, and with --record, nothing is said.
            if not taken[n] and not options.record:
                excess += against_record(rows[n], inputs[n], area["ice40"], netlists)
            results.append(report(entry, area, mhz, netlists, excess))
            results[-1].update(recorded=bool(taken[n]), inputs=inputs[n])
            show(line(entry, results[-1], "ice40"), flush=True)
    for target in targets[1:]:
        show(f"\n{TARGET_NAMES[target]}")
        for entry, data in zip(entries, results):
            show(line(entry, data, target))
    if devices:
        show(f"\nclock, median of {len(SEEDS)} seeds\n{'model':<20} {'form':<7} {'for':<5} {'device':<8} {'MHz/measured':>13} "
             f"{'cycles':>6} {'M updates/s':>11} {'per LUT4':>11}  (seeds)")
        for entry, data in zip(entries, results):
            for text in speed_lines(entry, data):
                show(text)
            notes += netlist_notes(entry, data)
        if options.changed:
            placed = sum(len(data["fmax"]) for data in results)
            notes.append(f"{sum(map(len, chosen))} clocks: {placed} placed and routed, the others are of the recorded netlists")
        made = [n for n in range(len(entries)) if not taken[n]]
        stale = sum(rows[n] is None or rows[n]["inputs"] != inputs[n] for n in made)
        if options.changed:
            notes.append(f"{len(entries)} entries: {len(made)} synthesised, {len(entries) - len(made)} as recorded"
                         + (f"; {stale} are not as recorded: scripts/area.sh --record" if stale else ""))
    over = sum(bool(data["over"]) for data in results)
    if options.record:
        if maker is None:
            bad_data("--record: yosys, yosys-abc or their cell libraries were not found")
        names = [row_of(e) for e in load(budgets, [], False)[0]]
        fresh = {row_of(e): {"inputs": inputs[n], "area": {"ice40": results[n]["area"]["ice40"]},
                             "netlist": {"ice40": results[n]["netlist"]["ice40"]}} for n, e in enumerate(entries)}
        save_record(record_path, record, fresh, names)
        notes.append(f"{len(fresh)} entries recorded in fpga/recorded.json")
    judged = same["yosys"] and (not options.fmax or same["nextpnr-ice40"])
    verdict = "FAIL" if over else "PASS" if judged else "REPORT"
    if options.json:
        print(json.dumps({"tools": tools, "recorded_with": recorded, "notes": notes, "verdict": verdict, "entries": results},
                         indent=1))
    show("\n" + "".join(f"{note}\n" for note in notes) + f"{verdict} area: {len(entries) - over} of {len(entries)} entries "
         + ("within budget" if judged else "not over what could be judged"))
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
