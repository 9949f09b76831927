# SPDX-License-Identifier: Apache-2.0
"""The module around what Yosys synthesises; called by scripts/netlist.sh.

usage: netlist.py wrap FOLDER TOP [PORT...]
       netlist.py finish FOLDER TOP CELLS MUTANTS SEED MODEL lut|dsp|bug [PORT...]

A PORT is NAME=VALUE for a parameter, NAME:=VALUE for an input tied to a constant, NAME:= for an open output.
FOLDER holds ports.json (the module TOP). `wrap` writes wrapper.v, with the module area_top for Yosys. `finish` reads
area.json (area_top synthesised), gates.v and gates.json (the same, its ports split into bits, as TOP_gates) and writes
netlist.v. CELLS is the folder with checked.py, which knows what cells may be used. A netlist without a planted bug has
to be what fpga/recorded.json has for the same inputs.
"""
import json
import os
import random
import re
import sys
from collections import Counter

import area

MUTANTS_FROM = 1000  # above the numbers of the named bugs, which modules around the netlist may have


def fail(code, text):
    print(f"netlist: {text}", file=sys.stderr)
    sys.exit(code)


def entry_of(top, words):
    """The words as an entry of fpga/budgets.json."""
    entry = {"top": top, "parameters": {}, "tied": {}, "open": []}
    for name, _, value in (word.partition("=") for word in words):
        if not name.endswith(":"):
            entry["parameters"][name] = value
        elif value:
            entry["tied"][name[:-1]] = int(value)
        else:
            entry["open"].append(name[:-1])
    return entry


def shell(top, module, entry):
    """The module with the vector ports, around the gates."""
    declared, bits, zeros, given, checks = [], [], [], [], []
    for name, value in module.get("parameter_default_values", {}).items():
        # A text names a file, whose content is in the netlist; who asks may have it elsewhere.
        number = re.fullmatch("[01]{32}", value)
        value = int(value, 2) - (int(value[0]) << 32) if number else '""'
        given.append(f"    parameter {name} = {value}")
        if number:
            checks.append(f"{name} != {value}")
    for name, port in module["ports"].items():
        width = len(port["bits"])
        declared.append(f"    {port['direction']:<6} wire {f'[{width - 1}:0] ' if width > 1 else ''}{name}")
        if name in entry["open"]:
            zeros.append(f"    assign {name} = {width}'d0;\n")
        elif name not in entry["tied"]:
            # splitnets leaves a port of one bit as it is.
            bits += [f"        .\\{name}[{i}] ({name}[{i}])" for i in range(width)] if width > 1 else [f"        .{name}({name})"]
    text = f"module {top} " + (("#(\n" + ",\n".join(given) + "\n) ") if given else "") + "(\n" + ",\n".join(declared) + "\n);\n"
    if checks:
        text += (f"    generate\n        if ({' || '.join(checks)}) begin : other_parameters\n"
                 "            gsp_error_the_netlist_was_made_with_other_parameters stop ();\n        end\n    endgenerate\n")
    return text + "".join(zeros) + f"    {top}_gates gates (\n" + ",\n".join(bits) + "\n    );\nendmodule\n"


LUT = re.compile(r"^  SB_LUT4 #\(\n    \.LUT_INIT\((16'h[0-9a-f]+)\)\n  \)", re.MULTILINE)


def plant(text, count, seed):
    """Turns some LUTs into ones that take a fault at run time."""
    luts = list(LUT.finditer(text))
    if count > len(luts):
        fail(2, f"--mutants: {count} asked for, the netlist has only {len(luts)} LUTs")
    draw = random.Random(seed)
    done, parts = 0, []
    for number, lut in enumerate(sorted(draw.sample(luts, count), key=lambda m: m.start()), 1):
        parts.append(text[done : lut.start()])
        # A bit that a constant input rules out would never be read.
        fixed = re.findall(r"\.I([0-3])\(1'h([01])\)", text[lut.end() : text.index(";", lut.end())])
        bit = draw.choice([bit for bit in range(16) if all(bit >> int(i) & 1 == int(value) for i, value in fixed)])
        parts.append(f"  gsp_gate_mutant #(.LUT_INIT({lut[1]}), .NUMBER({MUTANTS_FROM + number}), .BIT({bit}))")
        done = lut.end()
    return "".join(parts) + text[done:]


def module_of(path, name):
    with open(path, encoding="utf-8") as file:
        return json.load(file)["modules"][name]


def wrap(folder, top, *words):
    with open(f"{folder}/wrapper.v", "w", encoding="utf-8") as file:
        entry, ports = entry_of(top, words), module_of(f"{folder}/ports.json", top)["ports"]
        # The second one is not used here. Without it Yosys may name and order the cells of the first in another way.
        file.write(area.wrapper(entry, ports) + area.harness(entry, ports))


def compare(folder, top, model, kind, entry):
    """With what scripts/area.py recorded; False where nothing is recorded for these inputs."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    entry = dict(entry, model=model, dsp=kind == "dsp")
    inputs = area.inputs_of(root, entry, area.digest_of_tools())
    rows = [row for row in area.load_record(f"{root}/fpga/recorded.json").values() if row["inputs"] == inputs]
    if not rows or kind == "bug":
        return False
    module = module_of(f"{folder}/area.json", "area_top")
    around = area.harness(entry, module_of(f"{folder}/ports.json", top)["ports"])
    used, digests = area.count(module["cells"], "ice40"), {"ice40": area.digest(module, around)}
    wrong = [text for row in rows for text in area.against_record(row, inputs, used, digests)]
    if wrong:
        fail(1, f"{top}: not what fpga/recorded.json has for these inputs: {'; '.join(wrong)}")
    return True


def finish(folder, top, cells, mutants, seed, model, kind, *words):
    sys.path.insert(0, cells)
    import checked  # pylint: disable=import-outside-toplevel
    gates = module_of(f"{folder}/gates.json", f"{top}_gates")["cells"]
    used = Counter(cell["type"] for cell in gates.values())
    faults = {fault for cell in gates.values() if (fault := checked.fault(cell["type"], cell.get("parameters", {})))}
    if faults:
        fail(3, f"{top}: " + f"\nnetlist: {top}: ".join(sorted(faults)))
    if lost := area.lost_inputs(gates):
        fail(3, f"{top}: yosys lost what drives {', '.join(lost)} of an SB_MAC16")
    if not used:
        fail(3, f"{top}: no cell in the netlist")
    with open(f"{folder}/gates.v", encoding="utf-8") as file:
        text = file.read()
    if int(mutants):
        text = plant(text, int(mutants), int(seed))
    with open(f"{folder}/netlist.v", "w", encoding="utf-8") as file:
        file.write("// Made by scripts/netlist.sh: a netlist for iCE40.\n" + text + "\n"
                   + shell(top, module_of(f"{folder}/ports.json", top), entry_of(top, words)))
    recorded = compare(folder, top, model, kind, entry_of(top, words))
    print(f"{top}: " + ", ".join(f"{number} {cell}" for cell, number in sorted(used.items())) + ("; as recorded" if recorded else ""))


if __name__ == "__main__":
    {"wrap": wrap, "finish": finish}[sys.argv[1]](*sys.argv[2:])
