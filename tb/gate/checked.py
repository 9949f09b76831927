# SPDX-License-Identifier: Apache-2.0
"""The cells of tb/gate and the parameter settings in which tests/gate_cells compares them with Yosys' own.

scripts/netlist.py refuses a netlist that has any other cell or setting. A parameter that is 0 is left out.
"""
from itertools import product

# What is in a look-up table or a memory: any value, a check of the cell holds for all of them.
CONTENT = {"LUT_INIT"} | {f"INIT_{k:X}" for k in range(16)}


def _mac16():
    """A 16x16 product, alone or with the adder behind it, operands and results held in registers or not."""
    adder = {"TOPADDSUB_LOWERINPUT": 2, "BOTADDSUB_LOWERINPUT": 2, "TOPADDSUB_CARRYSELECT": 3,
             "TOPADDSUB_UPPERINPUT": 1, "BOTADDSUB_UPPERINPUT": 1}
    held = {**adder, "C_REG": 1, "D_REG": 1}
    # 0: the sum, 1: its register, 3: the product
    for top, bottom, added in ((3, 3, {}), (3, 3, adder), (0, 0, adder), (1, 1, adder), (3, 1, adder), (0, 0, held), (1, 1, held)):
        for bits in product((0, 1), repeat=4):
            selected = {"TOPOUTPUT_SELECT": top, "BOTOUTPUT_SELECT": bottom}
            flags = zip(("A_SIGNED", "B_SIGNED", "A_REG", "B_REG"), bits)
            yield {name: value for name, value in {**selected, **added, **dict(flags)}.items() if value}


SETTINGS = {
    "SB_LUT4": [{}],
    "SB_CARRY": [{}],
    **{f"SB_DFF{kind}": [{}] for kind in ("", "E", "SR", "R", "SS", "S", "ESR", "ER", "ESS", "ES")},
    "SB_MAC16": list(_mac16()),
    "SB_RAM40_4K": [{name: mode for name, mode in (("READ_MODE", r), ("WRITE_MODE", w)) if mode}
                    for r, w in product(range(4), repeat=2)],
}


def fault(cell, parameters):
    """Why a cell of a netlist cannot be used, or None. The values are as Yosys writes them: binary text."""
    if cell not in SETTINGS:
        return f"{cell}: there is no model of this cell in tb/gate"
    used = {name: value for name, value in parameters.items() if name not in CONTENT and value.strip("0")}
    wanted = [{name: str(value) for name, value in setting.items()} for setting in SETTINGS[cell]]
    try:
        if {name: str(int(value, 2)) for name, value in used.items()} in wanted:
            return None
    except ValueError:
        pass
    text = " ".join(f"{name}={value}" for name, value in sorted(used.items()))
    return f"{cell}: a setting that tests/gate_cells does not check: {text}"
