# SPDX-License-Identifier: Apache-2.0
"""Writes the bench of tests/gate_cells: each cell of tb/gate beside the same cell of Yosys, named ref_*.

usage: generate.py FOLDER, which holds checked.py: every setting in it is compared.
"""
import random
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
from checked import SETTINGS  # pylint: disable=wrong-import-position

draw = random.Random(1)
lines, names = [], []


def pair(cell, parameters, ins, outs):
    """Both cells on the same inputs; the bench compares their outputs."""
    k = len(names)
    given = ", ".join(f".{n}({v})" for n, v in parameters.items())
    for side, prefix in (("own", ""), ("ref", "ref_")):
        ports = [f".{n}({v})" for n, v in ins.items()]
        at = 0
        for name, width in outs.items():
            ports.append(f".{name}({side}{k}[{at + width - 1}:{at}])")
            at += width
        lines.append(f"wire [{at - 1}:0] {side}{k};\n{prefix}{cell} {f'#({given}) ' if given else ''}{side}_cell{k} ({', '.join(ports)});")
    names.append(cell)


inputs = {f"I{i}": f"s[{i}]" for i in range(4)}
# luts.v compares every content; here the parameter is one.
for init in [1 << i for i in range(16)] + [0, 65535] + [draw.randrange(65536) for _ in range(4)]:
    pair("SB_LUT4", {"LUT_INIT": f"16'd{init}"}, inputs, {"O": 1})
pair("SB_CARRY", {}, {"I0": "s[0]", "I1": "s[1]", "CI": "s[2]"}, {"CO": 1})
for kind in ("", "E", "SR", "R", "SS", "S", "ESR", "ER", "ESS", "ES"):
    ports = {"C": "s[0]", "D": "s[1]"}
    if "E" in kind:
        ports["E"] = "s[2]"
    if kind.strip("E"):
        ports["R" if "R" in kind else "S"] = "s[3]"
    pair("SB_DFF" + kind, {}, ports, {"Q": 1})

mac = {name: f"m_{name}" for name in (
    "CE C A B D AHOLD BHOLD CHOLD DHOLD IRSTTOP IRSTBOT ORSTTOP ORSTBOT OLOADTOP OLOADBOT "
    "ADDSUBTOP ADDSUBBOT OHOLDTOP OHOLDBOT CI ACCUMCI SIGNEXTIN").split()}
mac["CLK"] = "clk"


def dsp(**more):
    pair("SB_MAC16", more, mac, {"O": 32, "CO": 1, "ACCUMCO": 1, "SIGNEXTOUT": 1})


for setting in SETTINGS["SB_MAC16"]:
    dsp(**setting)
# The cell models more than netlists may use; what it models is right, too.
for signs in range(4):
    for _ in range(10):
        inner = draw.randrange(2)
        dsp(A_SIGNED=signs & 1, B_SIGNED=signs >> 1,
            A_REG=draw.randrange(2), B_REG=draw.randrange(2), C_REG=draw.randrange(2), D_REG=draw.randrange(2),
            TOP_8x8_MULT_REG=inner, BOT_8x8_MULT_REG=inner, PIPELINE_16x16_MULT_REG1=inner,
            PIPELINE_16x16_MULT_REG2=draw.randrange(2),
            TOPOUTPUT_SELECT=draw.choice((0, 1, 3)), BOTOUTPUT_SELECT=draw.choice((0, 1, 3)),
            TOPADDSUB_LOWERINPUT=draw.choice((0, 2, 3)), BOTADDSUB_LOWERINPUT=draw.choice((0, 2, 3)),
            TOPADDSUB_UPPERINPUT=draw.randrange(2), BOTADDSUB_UPPERINPUT=draw.randrange(2),
            TOPADDSUB_CARRYSELECT=draw.randrange(4), BOTADDSUB_CARRYSELECT=draw.randrange(4))

ram = {n: f"r_{n}" for n in "RCLKE RE RADDR WCLKE WE WADDR MASK WDATA".split()}
ram.update(RCLK="clk", WCLK="clk")
for setting in SETTINGS["SB_RAM40_4K"]:
    init = {f"INIT_{k:X}": f"256'h{draw.getrandbits(256):x}" for k in range(16)}
    pair("SB_RAM40_4K", dict(init, **setting), ram, {"RDATA": 16})

missing = set(SETTINGS) - set(names)
if missing:
    sys.exit(f"generate.py: no pair of {' '.join(sorted(missing))}")
kinds = list(dict.fromkeys(names))
print(f"localparam COUNT = {len(names)};\nlocalparam KINDS = {len(kinds)};")
print("\n".join(lines))
# The large cells take most of the time, and are compared in a task of their own.
for task, large in (("compare_small", False), ("compare_large", True)):
    some = [k for k, name in enumerate(names) if (name in ("SB_MAC16", "SB_RAM40_4K")) == large]
    print(f"task {task}; begin")
    for k in some:
        print(f'if (own{k} !== ref{k}) differs({kinds.index(names[k])}, "{names[k]}", {k});')
    print(f"compared = compared + {len(some)};\nend endtask\nlocalparam {task[8:].upper()} = {len(some)};")
print("task summary; begin")
for k, name in enumerate(kinds):
    print(f'$display("{name}: %0d", of_kind[{k}]);')
print("end endtask")
