# SPDX-License-Identifier: Apache-2.0
"""Finishes what Yosys synthesised; called by scripts/netlist.sh.

usage: netlist.py FOLDER TOP CELLS MUTANTS SEED

FOLDER holds ports.json (the module TOP), gates.v and gates.json (the same, ports split into bits, as
TOP_gates) and takes netlist.v. CELLS is the folder with checked.py, which knows what cells may be used.
"""
import json
import random
import re
import sys
from collections import Counter


def fail(code, text):
    print(f"netlist: {text}", file=sys.stderr)
    sys.exit(code)


def shell(top, ports):
    """The module with the vector ports, around the gates."""
    declared, bits = [], []
    for name, port in ports.items():
        width = len(port["bits"])
        declared.append(f"    {port['direction']:<6} wire {f'[{width - 1}:0] ' if width > 1 else ''}{name}")
        # splitnets leaves a port of one bit as it is.
        bits += [f"        .\\{name}[{i}] ({name}[{i}])" for i in range(width)] if width > 1 else [f"        .{name}({name})"]
    return f"module {top} (\n" + ",\n".join(declared) + f"\n);\n    {top}_gates gates (\n" + ",\n".join(bits) + "\n    );\nendmodule\n"


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
        parts.append(f"  gsp_gate_mutant #(.LUT_INIT({lut[1]}), .NUMBER({number}), .BIT({draw.randrange(16)}))")
        done = lut.end()
    return "".join(parts) + text[done:]


def main():
    folder, top, cells, mutants, seed = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
    sys.dont_write_bytecode = True
    sys.path.insert(0, cells)
    import checked  # pylint: disable=import-outside-toplevel
    with open(f"{folder}/ports.json", encoding="utf-8") as file:
        ports = json.load(file)["modules"][top]["ports"]
    with open(f"{folder}/gates.json", encoding="utf-8") as file:
        gates = json.load(file)["modules"][f"{top}_gates"]["cells"]
    used = Counter(cell["type"] for cell in gates.values())
    faults = {fault for cell in gates.values() if (fault := checked.fault(cell["type"], cell.get("parameters", {})))}
    if faults:
        fail(3, f"{top}: " + f"\nnetlist: {top}: ".join(sorted(faults)))
    if not used:
        fail(3, f"{top}: no cell in the netlist")
    with open(f"{folder}/gates.v", encoding="utf-8") as file:
        text = file.read()
    if mutants:
        text = plant(text, mutants, seed)
    with open(f"{folder}/netlist.v", "w", encoding="utf-8") as file:
        file.write("// Made by scripts/netlist.sh: a netlist for iCE40.\n" + text + "\n" + shell(top, ports))
    print(f"{top}: " + ", ".join(f"{number} {cell}" for cell, number in sorted(used.items())))


if __name__ == "__main__":
    main()
