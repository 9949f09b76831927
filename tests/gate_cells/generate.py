# SPDX-License-Identifier: Apache-2.0
"""Writes the bench of tests/gate_cells: each cell of tb/gate beside the same cell of Yosys, named ref_*."""
import random

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
for init in [1 << i for i in range(16)] + [0, 65535] + [draw.randrange(65536) for _ in range(100)]:
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


for signs in range(4):
    base = {"A_SIGNED": signs & 1, "B_SIGNED": signs >> 1}
    adder = {"TOPADDSUB_LOWERINPUT": 2, "BOTADDSUB_LOWERINPUT": 2, "TOPADDSUB_CARRYSELECT": 3}
    direct = {"TOPOUTPUT_SELECT": 3, "BOTOUTPUT_SELECT": 3}
    add_cd = dict(adder, TOPADDSUB_UPPERINPUT=1, BOTADDSUB_UPPERINPUT=1)
    # As inferred today: the product alone, and with the adder; registers before it.
    for held in ({}, {"A_REG": 1}, {"B_REG": 1}, {"A_REG": 1, "B_REG": 1}):
        dsp(**base, **direct, **held)
        dsp(**base, **direct, **add_cd, **held)
        dsp(**base, **add_cd, **held)
    # Anything else that is modelled.
    for _ in range(10):
        inner = draw.randrange(2)
        dsp(**base, A_REG=draw.randrange(2), B_REG=draw.randrange(2), C_REG=draw.randrange(2), D_REG=draw.randrange(2),
            TOP_8x8_MULT_REG=inner, BOT_8x8_MULT_REG=inner, PIPELINE_16x16_MULT_REG1=inner,
            PIPELINE_16x16_MULT_REG2=draw.randrange(2),
            TOPOUTPUT_SELECT=draw.choice((0, 1, 3)), BOTOUTPUT_SELECT=draw.choice((0, 1, 3)),
            TOPADDSUB_LOWERINPUT=draw.choice((0, 2, 3)), BOTADDSUB_LOWERINPUT=draw.choice((0, 2, 3)),
            TOPADDSUB_UPPERINPUT=draw.randrange(2), BOTADDSUB_UPPERINPUT=draw.randrange(2),
            TOPADDSUB_CARRYSELECT=draw.randrange(4), BOTADDSUB_CARRYSELECT=draw.randrange(4))

ram = {n: f"r_{n}" for n in "RCLKE RE RADDR WCLKE WE WADDR MASK WDATA".split()}
ram.update(RCLK="clk", WCLK="clk")
for mode in range(16):
    init = {f"INIT_{k:X}": f"256'h{draw.getrandbits(256):x}" for k in range(16)}
    pair("SB_RAM40_4K", dict(init, READ_MODE=mode & 3, WRITE_MODE=mode >> 2), ram, {"RDATA": 16})

print(f"localparam COUNT = {len(names)};")
print("\n".join(lines))
print("task compare; begin")
for k, name in enumerate(names):
    print(f'if (own{k} !== ref{k}) differs("{name}", {k});')
print(f"compared = compared + {len(names)};\nend endtask")
