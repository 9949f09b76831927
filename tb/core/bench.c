/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The packed layout and the Verilog bench, both from the field table.
 *
 * module gsp_bench gives every device the same ports: words in, words out,
 * so that the adapters know nothing of any model.
 */
#include <inttypes.h>
#include <string.h>

#include "lockstep.h"

static const char *const form_names[GSP_FORM_COUNT] = {"step", "neuron", "serial", "array"};
static const char *const form_suffix[GSP_FORM_COUNT] = {"_step", "", "_serial", "_array"};

const char *gsp_form_name(gsp_form form) {
    return form_names[form];
}

const char *gsp_form_suffix(gsp_form form) {
    return form_suffix[form];
}

gsp_form gsp_form_find(const char *name) {
    int form = 0;
    while (form < GSP_FORM_COUNT && strcmp(form_names[form], name) != 0)
        form++;
    return (gsp_form)form;
}

static bool is_observed(const gsp_field *f) {
    return f->kind == GSP_STATE || f->kind == GSP_OUTPUT || f->kind == GSP_FLAG;
}

void gsp_layout_make(gsp_layout *layout, const gsp_model *model, const gsp_field *fields, gsp_form form,
                     const bool hidden[GSP_MAX_FIELDS]) {
    memset(layout, 0, sizeof *layout);
    for (int i = 0; i < model->n_fields; i++) {
        const gsp_field *f = &fields[i];
        const unsigned words = f->width > 32 ? 2 : 1;
        unsigned *port = f->kind == GSP_PARAM                            ? &layout->n_params
                         : f->kind == GSP_INPUT                          ? &layout->n_in
                         : f->kind == GSP_STATE && form == GSP_FORM_STEP ? &layout->n_state
                                                                         : NULL;
        layout->drive[i] = layout->observe[i] = -1;
        if (hidden && hidden[i])
            continue;
        if (port) {
            layout->drive[i] = (int16_t)*port;
            *port += words;
        }
        if (is_observed(f)) {
            layout->observe[i] = (int16_t)layout->n_obs;
            layout->n_obs += words;
        }
    }
    /* An array shows what an update was made of, too. */
    for (int i = 0; i < model->n_fields; i++) {
        const gsp_field *f = &fields[i];
        layout->echo[i] = -1;
        if (form != GSP_FORM_ARRAY || (f->kind != GSP_STATE && f->kind != GSP_INPUT) || (hidden && hidden[i]))
            continue;
        layout->echo[i] = (int16_t)layout->n_obs;
        layout->n_obs += f->width > 32 ? 2 : 1;
    }
    /* The last words of the inputs are in_id and the write of params, the last but one observed is out_id. */
    if (form == GSP_FORM_ARRAY) {
        layout->n_in += 2;
        layout->n_obs++;
    }
    /* Forms with handshakes report which edges accepted and retired a step. */
    if (form == GSP_FORM_SERIAL || form == GSP_FORM_ARRAY)
        layout->n_obs++;
    /* A port has at least one word. */
    unsigned *all[] = {&layout->n_params, &layout->n_in, &layout->n_state, &layout->n_obs};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        *all[i] += *all[i] == 0;
}

static const char *port_of(const gsp_bench_options *o, int i) {
    return o->port[i] ? o->port[i] : o->model->fields[i].name;
}

static void upper(const char *name, char text[64]) {
    size_t n = 0;
    for (; name[n] && n < 63; n++)
        text[n] = (char)(name[n] >= 'a' && name[n] <= 'z' ? name[n] - 'a' + 'A' : name[n]);
    text[n] = '\0';
}

void gsp_bench_write(FILE *file, const gsp_bench_options *o) {
    const gsp_model *model = o->model;
    gsp_field fields[GSP_MAX_FIELDS];
    bool hidden[GSP_MAX_FIELDS];
    gsp_layout layout;
    gsp_resolve(model, o->params, fields);
    for (int i = 0; i < model->n_fields; i++)
        hidden[i] = o->port[i] && !*o->port[i];
    gsp_layout_make(&layout, model, fields, o->form, hidden);
    /* Boards do not write params of single neurons. */
    const unsigned n_in = layout.n_in - (o->live && o->form == GSP_FORM_ARRAY);

    fprintf(file,
            "// Generated from the field table of model %s. One 32-bit word per field,\n"
            "// two for a field wider than 32 bits.\n"
            "`define GSP_PARAMS_BITS %u\n`define GSP_IN_BITS %u\n"
            "`define GSP_STATE_BITS %u\n`define GSP_OBS_BITS %u\n"
            "`default_nettype none\n"
            "/* verilator lint_off UNUSED */\n"
            "module %s (\n"
            "    input wire clk, input wire rst_n, input wire valid, input wire ready,\n"
            "    input wire [%u:0] params, input wire [%u:0] in, input wire [%u:0] state,\n"
            "    output wire [%u:0] obs%s\n"
            ");\n",
            model->name, 32 * layout.n_params, 32 * n_in, 32 * layout.n_state, 32 * layout.n_obs,
            o->module ? o->module : "gsp_bench", 32 * layout.n_params - 1, 32 * n_in - 1,
            32 * layout.n_state - 1, 32 * layout.n_obs - 1,
            o->live ? ",\n    output wire in_ready, output wire out_valid" : "");

    for (int i = 0; i < model->n_fields; i++)
        if (layout.observe[i] >= 0)
            fprintf(file, "    wire %s[%d:0] o_%s;\n", fields[i].is_signed ? "signed " : "",
                    fields[i].width - 1, fields[i].name);
    const bool array = o->form == GSP_FORM_ARRAY, handshakes = array || o->form == GSP_FORM_SERIAL;
    int id_width = 1;
    while (array && UINT32_C(1) << id_width < o->neurons)
        id_width++;
    for (int i = 0; i < model->n_fields; i++)
        if (layout.echo[i] >= 0)
            fprintf(file, "    wire %s[%d:0] e_%s;\n", fields[i].is_signed ? "signed " : "",
                    fields[i].width - 1, fields[i].name);
    if (array)
        fprintf(file, "    wire [%d:0] out_id;\n    wire [31:0] w_out_id = out_id;\n", id_width - 1);
    if (array && !o->live)
        fprintf(file, "    wire param_ready%s;\n", o->own_params ? "" : " = 1'b0");
    if (handshakes && !o->live)
        fprintf(file, "    wire in_ready, out_valid;\n");
    else if (o->live && !handshakes)
        fprintf(file, "    assign in_ready = 1'b1, out_valid = 1'b0;\n");
    const bool no_enable = o->form == GSP_FORM_NEURON && o->en && !*o->en;
    if (no_enable)
        fprintf(file, "    // The device has no enable: it sees no clock edge in a cycle that holds.\n"
                      "    reg open;\n    always @(clk or valid or rst_n) if (!clk) open = valid || !rst_n;\n"
                      "    wire gated = clk && open;\n");

    /* The device. */
    fprintf(file, "    ");
    if (o->top)
        fprintf(file, "%s", o->top);
    else
        fprintf(file, "gsp_%s%s", model->name, form_suffix[o->form]);
    const char *separator = " #(";
    for (int i = 0; i < model->n_fields && !o->no_parameters; i++)
        if (fields[i].kind == GSP_CONFIG) {
            char name[64];
            upper(port_of(o, i), name);
            fprintf(file, "%s.%s(%d)", separator, name, (int)gsp_get(&fields[i], o->params));
            separator = ", ";
        } else if (fields[i].kind == GSP_TABLE) {
            char name[64];
            upper(port_of(o, i), name);
            fprintf(file, "%s.%s(\"%s\")", separator, name, o->image[i]);
            separator = ", ";
        }
    if (array && !o->no_parameters) {
        fprintf(file, "%s.NEURONS(%" PRIu32 ")", separator, o->neurons);
        separator = ", ";
    }
    for (unsigned k = 0; k < o->n_parameters; k++) {
        if (array && strncmp(o->parameters[k], "NEURONS=", 8) == 0)
            continue;
        const int name = (int)strcspn(o->parameters[k], "=");
        fprintf(file, "%s.%.*s(%s)", separator, name, o->parameters[k], o->parameters[k] + name + 1);
        separator = ", ";
    }
    fprintf(file, "%s dut (", *separator == ',' ? ")" : "");
    separator = "\n        ";
    if (o->form != GSP_FORM_STEP) {
        const char *reset = o->rst_n ? o->rst_n : "rst_n";
        const bool active_high = *reset == '~';
        fprintf(file, "%s.%s(%s), .%s(%srst_n)", separator, o->clk ? o->clk : "clk",
                no_enable ? "gated" : "clk", reset + active_high, active_high ? "~" : "");
        separator = ",\n        ";
    }
    if (o->form == GSP_FORM_NEURON && !no_enable)
        fprintf(file, "%s.%s(valid)", separator, o->en ? o->en : "en");
    if (handshakes)
        fprintf(file, "%s.in_valid(valid), .in_ready(in_ready), .out_valid(out_valid), .out_ready(ready)",
                separator);
    if (array)
        fprintf(file, "%s.in_id(in[%d:%d]), .out_id(out_id)", separator,
                32 * (int)(layout.n_in - 2) + id_width - 1, 32 * (int)(layout.n_in - 2));
    const int write = 32 * (int)(layout.n_in - 1); /* highest bit: now; the id below */
    if (array && o->own_params)
        fprintf(file, "%s.param_write(in[%d]), .param_ready(param_ready), .param_id(in[%d:%d])", separator,
                write + 31, write + id_width - 1, write);
    for (int i = 0; i < model->n_fields; i++) {
        const gsp_field *f = &fields[i];
        if (layout.echo[i] >= 0)
            fprintf(file, "%s.%s%s(e_%s)", separator, port_of(o, i),
                    f->kind == GSP_STATE ? "_before" : "_taken", f->name);
        if (layout.drive[i] >= 0) {
            const char *from = f->kind == GSP_PARAM ? "params" : f->kind == GSP_INPUT ? "in" : "state";
            fprintf(file, "%s.%s(%s[%d:%d])", separator, port_of(o, i), from,
                    32 * layout.drive[i] + f->width - 1, 32 * layout.drive[i]);
            separator = ",\n        ";
        }
        if (layout.observe[i] >= 0) {
            fprintf(file, "%s.%s%s(o_%s)", separator, port_of(o, i),
                    f->kind == GSP_STATE && o->form == GSP_FORM_STEP ? "_next" : "", f->name);
            separator = ",\n        ";
        }
    }
    fprintf(file, ");\n");

    /* Observed words. Forms with handshakes show what stood at the edge. */
    const bool at_edge = handshakes && !o->live;
    if (at_edge)
        fprintf(file,
                "    reg [%u:0] at_edge;\n    assign obs = at_edge;\n    wire [%u:0] now;\n"
                "    always @(posedge clk) at_edge <= now;\n",
                32 * layout.n_obs - 1, 32 * layout.n_obs - 1);
    /* Each word is extended by an assignment of its own, and all are joined once: Icarus runs
     * replications, and assignments to parts of a vector, several times slower. */
    for (int i = 0; i < model->n_fields; i++)
        if (layout.observe[i] >= 0)
            fprintf(file, "    wire %s[%d:0] w_%s = o_%s;\n", fields[i].is_signed ? "signed " : "",
                    fields[i].width > 32 ? 63 : 31, fields[i].name, fields[i].name);
    for (int i = 0; i < model->n_fields; i++)
        if (layout.echo[i] >= 0)
            fprintf(file, "    wire %s[%d:0] we_%s = e_%s;\n", fields[i].is_signed ? "signed " : "",
                    fields[i].width > 32 ? 63 : 31, fields[i].name, fields[i].name);
    fprintf(file, "    assign %s = {", at_edge ? "now" : "obs");
    separator = "";
    if (handshakes) {
        if (at_edge)
            fprintf(file, array ? "26'b0, rst_n && param_ready, " : "27'b0, ");
        fprintf(file, "%s",
                at_edge ? "rst_n && in_ready, rst_n, out_valid, rst_n && out_valid && ready, "
                          "rst_n && valid && in_ready"
                        : "32'b0");
        separator = ", ";
    }
    if (array)
        fprintf(file, ", w_out_id");
    for (int i = model->n_fields; i-- > 0;)
        if (layout.echo[i] >= 0)
            fprintf(file, ", we_%s", fields[i].name);
    for (int i = model->n_fields; i-- > 0;)
        if (layout.observe[i] >= 0) {
            fprintf(file, "%sw_%s", separator, fields[i].name);
            separator = ", ";
        }
    fprintf(file, "%s};\n", *separator ? "" : "32'b0");
    fprintf(file, "endmodule\n`default_nettype wire\n");
}
