// Forms: what is asked on a ticket, an error for each field, and what a ticket is about.
import assert from "node:assert/strict";
import { answered, ask, phoneTicket, refused } from "./expect.mjs";
import { test } from "./tap.mjs";

const forms = {
    forms: [
        { id: "general", fields: [] },
        {
            id: "wifi",
            type: "wifi",
            fields: [
                { id: "serial", kind: "serial", label: { en: "Serial", ja: "番号" }, required: true, patterns: ["HG8-######"] },
                { id: "band", kind: "choices", label: "Band", choices: [{ id: "2g", label: "2.4" }, { id: "5g", label: "5" }] },
                { id: "mesh", kind: "line", label: "Mesh", required: true, length_max: 5, when: { field: "band", is: ["5g"] } },
            ],
        },
    ],
    fallback: "general",
};
const types = { types: [{ id: "network", name: "Network" }, { id: "wifi", name: "Wi-Fi", parent: "network", products: ["HG8"] }] };
const call = (more) => ({ channel: "phone", title: "No signal", ...more });

export async function run({ anybody, engineer, admin }) {
    const before = {};
    const set = async (name, doc) =>
        answered(await admin.put(`/api/v1/rules/${name}`, doc, { "If-Match": "*" }), 200);
    const open = (client, more) => client.post("/api/v1/tickets", call(more));
    const errors = (reply) =>
        refused(reply, 422, "invalid").errors.map(({ field, code, limit }) => [field, code, limit ?? ""].join(" ").trim());

    for (const name of ["types", "products", "forms", "routing"])
        before[name] = answered(await admin.get(`/api/v1/rules/${name}`), 200).doc;
    await set("products", { products: [{ id: "HG8", kind: "box" }, { id: "HG9", kind: "box" }] });
    await set("types", types);
    await set("forms", forms);

    await test("each field that cannot be taken has its error", async () => {
        const wifi = { product: "HG8", type: "wifi" };
        assert.deepEqual(errors(await open(anybody, wifi)), ["serial missing"]);
        assert.deepEqual(
            errors(await open(anybody, { ...wifi, fields: { serial: "HG9", band: ["5g"], mesh: "too long", colour: 7 } })),
            ["serial not_like HG8-######", "mesh too_long 5", "colour unknown"],
        );
        assert.deepEqual(errors(await open(anybody, { type: "wlan" })), ["type unknown_type"]);
        assert.deepEqual(errors(await open(anybody, { type: "wifi", product: "HG9" })), ["type other_product"]);
        refused(await open(anybody, { ...wifi, fields: [] }), 422, "invalid");
    });

    await test("what was filled in is on the ticket, with the words it was asked with", async () => {
        const { n } = answered(
            await open(anybody, { product: "HG8", type: "wifi", fields: { serial: "hg8-123456", band: "5g", mesh: "部屋" } }),
            201,
        );
        await set("forms", { ...forms, forms: [forms.forms[0]] });
        const ticket = answered(await engineer.get(`/api/v1/tickets/${n}`), 200);
        assert.deepEqual(ticket.fields, { serial: "HG8-123456", band: ["5g"], mesh: "部屋" });
        assert.equal(ticket.type, "wifi");
        assert.equal(ticket.form.id, "wifi");
        assert.equal(ticket.form.fields[0].label.ja, "番号");
        await set("forms", forms);
    });

    await test("an agent may save what is not complete, a customer not", async () => {
        const half = { product: "HG8", type: "wifi", incomplete: true, fields: { band: ["5g"] } };
        refused(await open(anybody, half), 403, "denied");
        const { n } = answered(await open(engineer, half), 201);
        const path = `/api/v1/tickets/${n}`;
        assert.deepEqual(answered(await engineer.get(path), 200).missing, ["serial", "mesh"]);
        const row = answered(await engineer.get("/api/v1/tickets?limit=1"), 200).tickets[0];
        assert.deepEqual(row.missing, ["serial", "mesh"]);
        assert.deepEqual(
            errors(await engineer.post(`${path}/fields`, { fields: { serial: "HG8-1" } })),
            ["serial not_like HG8-######", "mesh missing"],
        );
        const fields = { serial: "HG8-654321", band: null };
        const done = answered(await engineer.post(`${path}/fields`, { fields }), 200);
        assert.deepEqual(done.fields, { serial: "HG8-654321" });
        assert.equal(done.missing, undefined);
        const { old, new: now } = done.history.at(-1);
        assert.deepEqual([old, now], [{ band: ["5g"], serial: null }, { band: null, serial: "HG8-654321" }]);
        refused(await anybody.post(`${path}/fields`, { fields }), 401, "sign-in");
    });

    await test("another type or class is written down, and routing is asked anew", async () => {
        await set("routing", { rules: [{ id: "net", type: "network", group: "experts" }], fallback: "desk" });
        const { path, key } = await phoneTicket(anybody, { product: "HG8" });
        assert.equal(answered(await engineer.get(path), 200).group, "desk");
        const change = { type: "wifi", class: "complaint", reason: "asked back" };
        const done = answered(await engineer.post(`${path}/class`, change), 200);
        assert.deepEqual(done.proposed, { group: "experts", rule: "net" });
        assert.equal(done.group, "desk", "proposed, not done");
        const { event, old, new: now, reason } = done.history.at(-1);
        assert.deepEqual([event, reason], ["classify", "asked back"]);
        assert.deepEqual([old, now], [{ type: null, class: "technical" }, { type: "wifi", class: "complaint" }]);
        refused(await engineer.post(`${path}/class`, change), 409, "conflict");
        refused(await engineer.post(`${path}/class`, { type: "wlan" }), 422, "invalid");
        refused(await engineer.post(`${path}/class`, { product: "HG7" }), 422, "invalid");
        refused(await engineer.post(`${path}/class`, { class: "odd" }), 422, "invalid");
        refused(await anybody.post(`${path}/class`, change), 401, "sign-in");
        const mine = answered(await anybody.get(`${path}?key=${key}`), 200);
        assert.equal(mine.type, "wifi");
        assert.ok(mine.history.every((step) => step.event !== "classify"), "how the desk sorts is its own");
    });

    await test("a product that is not in the tree is refused, where there is one", async () => {
        assert.deepEqual(errors(await open(anybody, { product: "HG7" })), ["product unknown_product"]);
        answered(await open(anybody, { product: "HG8" }), 201);
        answered(await open(anybody, {}), 201);
    });

    await test("an unfinished ticket is kept, by whoever knows its id", async () => {
        const consult = await ask(anybody, "wifi keeps dropping");
        const path = `/api/v1/drafts/${consult.id}`;
        refused(await anybody.get(path), 404, "not-found");
        answered(await anybody.put(path, { values: { title: "Wifi", lights: ["red"] } }), 200);
        const { values } = answered(await anybody.put(path, { values: { text: "since noon", lights: [] } }), 200);
        assert.deepEqual(values, { title: "Wifi", text: "since noon" });
        assert.deepEqual(answered(await anybody.get(path), 200).values, values);
        refused(await anybody.put(path, { values: { title: 7 } }), 422, "invalid");
        refused(await anybody.put("/api/v1/drafts/short", { values: {} }), 404, "not-found");
        answered(await anybody.post(`${consult.path}/outcome`, { solved: false }), 200);
        answered(await anybody.post("/api/v1/tickets", { consult_id: consult.id }), 201);
        refused(await anybody.get(path), 404, "not-found");
        refused(await anybody.put(path, { values: { title: "late" } }), 409, "conflict");
        answered(await engineer.put(`/api/v1/drafts/${"ab".repeat(16)}`, { values: { title: "A call" } }), 200);
        const { drafts } = answered(await engineer.get("/api/v1/drafts"), 200);
        assert.deepEqual(drafts.map(({ title }) => title), ["A call"]);
    });

    await set("routing", { rules: [], fallback: "desk" });
    await set("forms", { forms: [forms.forms[0]], fallback: "general" });
    await set("types", before.types);
    for (const name of ["routing", "products", "forms"]) await set(name, before[name]);
}
