# SPDX-License-Identifier: Apache-2.0
"""Random netlists of LUTs, carries and flip-flops, and what each of their wires is, worked out here bit by bit.

usage: generate.py SEED NETS CELLS FOLDER: writes net.v, stimulus.h and expected.txt
"""
import random
import sys

INPUTS, CYCLES, SEEN = 32, 256, 6
ONES = (1 << CYCLES) - 1  # a wire is a number, bit c its value in cycle c
USUAL = (0x6996, 0xFF00, 0x8000, 0xFFFE, 0x6666, 0x9669, 0xCACA, 0x00FF, 0x0F0F, 0x8778, 0xC33C)

seed, nets, cells = map(int, sys.argv[1:4])
folder = sys.argv[4]
draw = random.Random(seed)
inputs = [draw.getrandbits(CYCLES) for _ in range(INPUTS)]
lines, outputs, expected = [], [], []


def lut(content, values):
    """The sum of its true rows."""
    result = 0
    for row in range(16):
        if content >> row & 1:
            term = ONES
            for bit, value in enumerate(values):
                term &= value if row >> bit & 1 else ONES ^ value
            result |= term
    return result


for net in range(nets):
    wires = [(f"in[{i}]", inputs[i]) for i in draw.sample(range(INPUTS), 10)] + [("1'b0", 0), ("1'b1", ONES)]
    carry = wires[10]
    for cell in range(cells):
        name = f"n{net}_{cell}"
        some = [draw.choice(wires[-14:]) for _ in range(4)]
        kind = draw.random()
        if kind < 0.7:
            if draw.random() < 0.4:
                some[3] = wires[10]  # Yosys ties what a small LUT leaves over to 0
            content = draw.choice(USUAL + (draw.getrandbits(16),))
            value = lut(content, [wire[1] for wire in some])
            pins = ", ".join(f".I{i}({wire[0]})" for i, wire in enumerate(some))
            lines.append(f"SB_LUT4 #(.LUT_INIT(16'd{content})) c{name} ({pins}, .O({name}));")
        elif kind < 0.9:
            a, b, c = some[0], some[1], carry if draw.random() < 0.8 else some[2]
            value = a[1] & b[1] | a[1] & c[1] | b[1] & c[1]
            carry = (name, value)
            lines.append(f"SB_CARRY c{name} (.I0({a[0]}), .I1({b[0]}), .CI({c[0]}), .CO({name}));")
        else:
            value = some[0][1] << 1 & ONES
            lines.append(f"SB_DFF c{name} (.C(clk), .D({some[0][0]}), .Q({name}));")
        lines[-1] = f"wire {name};\n" + lines[-1]
        wires.append((name, value))
    outputs += [wire[0] for wire in wires[-SEEN:]]
    expected += [wire[1] for wire in wires[-SEEN:]]

with open(f"{folder}/net.v", "w", encoding="utf-8") as file:
    file.write(f"module net (input wire clk, input wire [{INPUTS - 1}:0] in, output wire [{len(outputs) - 1}:0] out);\n"
               + "\n".join(lines) + "\n")
    file.writelines(f"assign out[{i}] = {name};\n" for i, name in enumerate(outputs))
    file.write("endmodule\n")
words = [sum((value >> cycle & 1) << i for i, value in enumerate(inputs)) for cycle in range(CYCLES)]
with open(f"{folder}/stimulus.h", "w", encoding="utf-8") as file:
    file.write(f"static const unsigned stimulus[] = {{{', '.join(map(str, words))}}};\nenum {{ N_OUT = {len(outputs)} }};\n")
with open(f"{folder}/expected.txt", "w", encoding="utf-8") as file:
    for cycle in range(CYCLES):
        file.write("".join(str(value >> cycle & 1) for value in expected) + "\n")
