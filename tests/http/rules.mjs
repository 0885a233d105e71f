// What an administrator decides: documents with versions, every fault told, who may.
import assert from "node:assert/strict";
import { answered, refused } from "./expect.mjs";
import { test } from "./tap.mjs";

const path = (name) => `/api/v1/rules/${name}`;

export async function run({ anybody, engineer, admin }) {
    await test("staff see which documents there are, as shipped", async () => {
        const { rules } = answered(await engineer.get("/api/v1/rules"), 200);
        assert.deepEqual(
            rules.map(({ name }) => name),
            ["calendars", "products", "types", "severities", "levels", "groups", "routing", "forms", "handoffs", "stock", "parties", "closing"],
        );
        for (const { name, version } of rules) {
            const { doc, ...rest } = answered(await engineer.get(path(name)), 200);
            assert.deepEqual(rest, { name, version });
            assert.ok(Object.keys(doc).length > 0);
        }
    });

    await test("an admin replaces one; the same again is no new version", async () => {
        const before = await admin.get(path("routing"));
        const { version, doc } = answered(before, 200);
        const changed = { ...doc, rules: [{ id: "urgent", severity: "S1", group: "experts" }] };
        const set = await admin.put(path("routing"), changed, { "If-Match": before.headers.etag });
        assert.deepEqual(answered(set, 200), { name: "routing", version: version + 1, doc: changed });
        const again = await admin.put(path("routing"), changed, { "If-Match": set.headers.etag });
        assert.equal(answered(again, 200).version, version + 1);
        refused(await admin.put(path("routing"), doc, { "If-Match": '"77"' }), 412, "changed");
        refused(await admin.put(path("routing"), doc), 428, "precondition-required");
        answered(await admin.put(path("routing"), doc, { "If-Match": "*" }), 200);
    });

    await test("what is not sound is refused with each fault's place", async () => {
        const doc = { rules: [{ id: "a", group: "nobody", sevrity: "S1" }], fallback: "moon" };
        const { errors } = refused(
            await admin.put(path("routing"), doc, { "If-Match": "*" }),
            422,
            "invalid",
        );
        assert.deepEqual(errors.map(({ place }) => place).sort(), [
            "fallback",
            "rules[0].group",
            "rules[0].sevrity",
        ]);
        refused(await admin.put(path("routing"), [], { "If-Match": "*" }), 422, "invalid");
    });

    await test("a dry run says which group, and what each rule said", async () => {
        const before = answered(await admin.get(path("routing")), 200);
        const doc = {
            rules: [
                { id: "urgent", severity: "S1", group: "experts" },
                { id: "urgent-ja", severity: "S1", lang: "ja", group: "rd" },
            ],
            fallback: "desk",
        };
        answered(await admin.put(path("routing"), doc, { "If-Match": "*" }), 200);
        const ask = async (query) =>
            answered(await engineer.get(`/api/v1/route?${new URLSearchParams(query)}`), 200);
        const { rule, group, rules } = await ask({ severity: "S1", at: "2026-11-23T09:00:00Z" });
        assert.deepEqual([rule, group], ["urgent", "experts"]);
        assert.equal(rules[1].failed, "lang");
        assert.equal((await ask({ severity: "S1", lang: "ja" })).group, "rd");
        assert.equal((await ask({ severity: "S2" })).rule, undefined);
        refused(await engineer.get("/api/v1/route?at=soon"), 422, "invalid");
        answered(await admin.put(path("routing"), before.doc, { "If-Match": "*" }), 200);
    });

    await test("anybody is told which form a ticket is asked with, in their language", async () => {
        const ask = async (query, lang = "en") =>
            answered(
                await anybody.get(`/api/v1/forms?${new URLSearchParams(query)}`, { "Accept-Language": lang }),
                200,
            );
        const router = await ask({ product: "NetHome HG8" });
        assert.equal(router.form.id, "router");
        assert.deepEqual(router.severities.map(({ id }) => id), ["S1", "S2", "S3", "S4"]);
        assert.ok(router.severities.every(({ definition }) => definition.length > 5));
        const band = router.form.fields.find(({ id }) => id === "band");
        assert.deepEqual(band.when, { field: "link", is: ["wifi"] });
        assert.equal((await ask({ class: "parts", lang: "zh-Hans" })).form.name, "备件");
        assert.equal((await ask({ class: "parts" }, "ja")).form.name, "部品");
        assert.equal((await ask({})).form.id, "technical");
        assert.deepEqual((await ask({ class: "none" })).form.fields, []);
    });

    await test("an unknown document is a 404", async () => {
        refused(await admin.get(path("weather")), 404, "not-found");
        refused(await admin.put(path("weather"), {}, { "If-Match": "*" }), 404, "not-found");
    });

    await test("only an admin changes them, only staff read them", async () => {
        refused(await anybody.get(path("groups")), 401, "sign-in");
        refused(await engineer.put(path("groups"), {}, { "If-Match": "*" }), 403, "denied");
    });
}
