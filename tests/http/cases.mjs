// The library: new cases, versions, If-Match, live counts, and that a saved case is findable.
import assert from "node:assert/strict";
import { answered, ask, encode, refused } from "./expect.mjs";
import { test } from "./tap.mjs";

const none = { shown: 0, opened: 0, solved: 0, sent: 0, cited: 0, self_used: 0 };

export async function run({ anybody, engineer, author }) {
    const at = (id) => `/api/v1/cases/${encode(id)}`;

    await test("a new case gets an id, a language, an author and a version", async () => {
        const reply = await author.post("/api/v1/cases", {
            title: "扫地机器人充不上电",
            symptom: "放回充电座没有反应",
        });
        const { id, version } = answered(reply, 201);
        assert.equal(version, 1);
        assert.equal(reply.headers.etag, '"1"');
        const one = answered(await anybody.get(at(id)), 200);
        assert.equal(one.lang, "zh-Hans");
        assert.match(one.author, /^token\./);
        assert.equal(one.version, 1);
        assert.deepEqual(one.counts, none);
        assert.ok(Date.parse(one.created) > 0 && Date.parse(one.updated) > 0);
    });

    await test("a case is findable when its save returned, fifty times", async () => {
        for (let i = 0; i < 50; i++) {
            const word = `zq${i.toString(36)}x${(i * 7919).toString(36)}w`;
            const { id } = answered(
                await author.post("/api/v1/cases", {
                    title: `Kettle ${word} boils over`,
                    lang: "en",
                }),
                201,
            );
            const hits = answered(await anybody.get(`/api/v1/search?q=${word}`), 200).hits;
            assert.equal(hits[0]?.id, id, `${word} after ${i} saves`);
        }
    });

    await test("who writes a case again is told of the one that is there", async () => {
        const text = {
            title: "Dehumidifier quibblesnort shows F9 and stops",
            lang: "en",
            symptom: "The quibblesnort tank is empty, yet the lamp of the wexler tank stays lit.",
            resolution: "Clean the float in the wexler housing and put the tank back firmly.",
        };
        const first = answered(await author.post("/api/v1/cases", text), 201);
        const more = { ...text, title: `${text.title} again` };
        const save = async (query) =>
            answered(await author.post(`/api/v1/cases${query}`, more), 201);
        const again = await save("?duplicates=1");
        const changed = answered(
            await author.put(`${at(again.id)}?duplicates=1`, { ...more, cause: "Dirt." }, {
                "If-Match": '"1"',
            }),
            200,
        );
        assert.equal(changed.duplicates[0].id, first.id);
        assert.equal((await save("")).duplicates, undefined, "only who asks is told");
        refused(await author.post("/api/v1/cases?duplicates=yes", more), 422, "invalid");
        assert.equal(again.duplicates.length, 1);
        assert.equal(again.duplicates[0].id, first.id);
        assert.ok(again.duplicates[0].shared > 0.9);
    });

    await test("a changed case is found by its new words and no more by the old ones", async () => {
        const { id } = answered(
            await author.post("/api/v1/cases", { title: "Toaster glimmerfrox", lang: "en" }),
            201,
        );
        answered(
            await author.put(
                at(id),
                { title: "Toaster bramblewick", lang: "en" },
                { "If-Match": '"1"' },
            ),
            200,
        );
        const find = async (q) =>
            answered(await anybody.get(`/api/v1/search?q=${q}`), 200).hits.map((h) => h.id);
        assert.deepEqual(await find("bramblewick"), [id]);
        assert.ok(!(await find("glimmerfrox")).includes(id));
    });

    await test("unknown members are kept and given back", async () => {
        const more = {
            x_site: { rack: [1, 2.5, null, true, "四"] },
            keywords: ["a", "b"],
            category: "Power",
        };
        const { id } = answered(
            await author.post("/api/v1/cases", { title: "UPS beeps", lang: "en", ...more }),
            201,
        );
        const one = answered(await anybody.get(at(id)), 200);
        for (const [name, value] of Object.entries(more)) assert.deepEqual(one[name], value);
    });

    await test("PUT needs If-Match of the newest version: 428, 412, 200", async () => {
        const { id } = answered(
            await author.post("/api/v1/cases", { title: "Fan is loud", lang: "en" }),
            201,
        );
        const got = await engineer.get(at(id));
        const change = (headers, title = "Fan is very loud") =>
            author.put(at(id), { title, lang: "en" }, headers);
        refused(await change({}), 428, "precondition-required");
        for (const tag of ['"2"', '"0"', '"11"', "1", 'W/"1"', '"x"', '"1', "", '"10"', '"2-0"']) {
            const reply = await change({ "If-Match": tag });
            refused(
                reply,
                tag === "" ? 428 : 412,
                tag === "" ? "precondition-required" : "changed",
            );
        }
        const changed = await change({ "If-Match": got.headers.etag });
        assert.deepEqual(answered(changed, 200), { id, version: 2 });
        assert.equal(changed.headers.etag, '"2"');
        refused(await change({ "If-Match": got.headers.etag }, "Fan is silent"), 412, "changed");
        answered(await change({ "If-Match": changed.headers.etag }, "Fan hums"), 200);
        answered(await change({ "If-Match": '"9", "3"' }, "Fan hums louder"), 200);
        answered(await change({ "If-Match": "*" }, "Fan whistles"), 200);
        const one = answered(await anybody.get(at(id)), 200);
        assert.deepEqual([one.title, one.version], ["Fan whistles", 5]);
    });

    await test("of twenty changes at once with the same If-Match one is taken", async () => {
        const { id } = answered(
            await author.post("/api/v1/cases", { title: "Lamp flickers", lang: "en" }),
            201,
        );
        const replies = await Promise.all(
            Array.from({ length: 20 }, (_, i) =>
                author.put(
                    at(id),
                    { title: `Lamp flickers ${i}`, lang: "en" },
                    { "If-Match": '"1"' },
                ),
            ),
        );
        assert.equal(replies.filter((r) => r.status === 200).length, 1);
        for (const reply of replies.filter((r) => r.status !== 200)) refused(reply, 412, "changed");
        assert.equal(answered(await anybody.get(at(id)), 200).version, 2);
    });

    await test("PUT makes a case under a free id, but not with If-Match", async () => {
        refused(
            await author.put(at("K/new 1"), { title: "x", lang: "en" }, { "If-Match": '"1"' }),
            412,
            "changed",
        );
        assert.deepEqual(
            answered(await author.put(at("K/new 1"), { title: "x", lang: "en" }), 201),
            { id: "K/new 1", version: 1 },
        );
        refused(
            await author.put(at("K/new 1"), { title: "y", lang: "en" }),
            428,
            "precondition-required",
        );
    });

    await test("what was fetched and sent back unchanged stays the same version", async () => {
        const got = await author.get(at("NH-0018"));
        assert.deepEqual(
            answered(
                await author.put(at("NH-0018"), got.json, { "If-Match": got.headers.etag }),
                200,
            ),
            { id: "NH-0018", version: 1 },
        );
    });

    await test("a change has its own time, also when the old one is sent back", async () => {
        const old = { updated: "2020-01-02T03:04:05Z", created: "2019-01-02T03:04:05Z" };
        const body = { title: "Iron leaks", lang: "en", ...old };
        const { id } = answered(await author.post("/api/v1/cases", body), 201);
        const got = await author.get(at(id));
        assert.equal(got.json.updated, old.updated);
        const changed = { ...got.json, title: "Iron leaks a lot" };
        answered(await author.put(at(id), changed, { "If-Match": got.headers.etag }), 200);
        const now = answered(await author.get(at(id)), 200);
        assert.ok(Date.now() - Date.parse(now.updated) < 60000, now.updated);
        assert.equal(now.created, old.created);
        const given = { ...now, title: "Iron", updated: "2021-01-01T00:00:00Z" };
        answered(await author.put(at(id), given, { "If-Match": '"2"' }), 200);
        assert.equal(answered(await author.get(at(id)), 200).updated, given.updated);
    });

    await test("ids with slashes, blanks, other scripts and odd signs lead to their case", async () => {
        for (const id of [
            "网络/光猫/红灯-01",
            "a b",
            "a+b",
            "a%2Fb",
            "100%",
            "é",
            "e\u0301",
            "?",
            "#",
            "a//b",
            "'\"<&>",
            "日本語/プリンター",
            "x".repeat(400),
            "😀",
        ]) {
            answered(
                await author.post("/api/v1/cases", {
                    id,
                    title: `Case ${id.slice(0, 20)}`,
                    lang: "en",
                }),
                201,
            );
            assert.equal(answered(await anybody.get(at(id)), 200).id, id);
            assert.equal(
                answered(await anybody.get(`/api/v1/cases/${encodeURIComponent(id)}`), 200).id,
                id,
            );
            answered(
                await author.put(
                    at(id),
                    { id, title: "Changed", lang: "en" },
                    { "If-Match": '"1"' },
                ),
                200,
            );
            assert.equal(answered(await anybody.get(at(id)), 200).version, 2);
        }
    });

    await test("an id of another case in the body is refused", async () => {
        refused(
            await author.put(
                at("NH-0018"),
                { id: "NH-0019", title: "x", lang: "en" },
                { "If-Match": "*" },
            ),
            422,
            "invalid",
        );
    });

    await test("a taken id is a 409, and its case stays as it was", async () => {
        const before = (await engineer.get(at("NH-0019"))).text;
        refused(
            await author.post("/api/v1/cases", { id: "NH-0019", title: "Mine now", lang: "en" }),
            409,
            "conflict",
        );
        assert.equal((await engineer.get(at("NH-0019"))).text, before);
    });

    await test("a repeat with the same Idempotency-Key gets the same case", async () => {
        const key = { "Idempotency-Key": "case-key-1" };
        const body = { title: "Blinds do not close", lang: "en" };
        const replies = await Promise.all(
            Array.from({ length: 8 }, () => author.post("/api/v1/cases", body, key)),
        );
        for (const reply of replies) assert.deepEqual(answered(reply, 201), replies[0].json);
        refused(
            await author.post("/api/v1/cases", { ...body, title: "Blinds do not open" }, key),
            409,
            "conflict",
        );
        assert.equal(answered(await anybody.get("/api/v1/search?q=blinds"), 200).total, 1);
    });

    await test("If-None-Match is a 304 until the text or a count changes", async () => {
        const { id } = answered(
            await author.post("/api/v1/cases", {
                title: "Gate opens by itself wobblefinch",
                lang: "en",
            }),
            201,
        );
        const first = await anybody.get(at(id));
        const again = await anybody.get(at(id), { "If-None-Match": first.headers.etag });
        assert.equal(again.status, 304);
        assert.equal(again.headers.etag, first.headers.etag);
        assert.equal(
            (await anybody.get(at(id), { "If-None-Match": `"zzz", W/${first.headers.etag}` }))
                .status,
            304,
        );
        const { path } = await ask(anybody, "wobblefinch");
        answered(await anybody.post(`${path}/opened`, { case: id }), 204);
        const used = await anybody.get(at(id), { "If-None-Match": first.headers.etag });
        assert.deepEqual(answered(used, 200).counts, { ...none, shown: 1, opened: 1 });
        assert.equal(
            (await anybody.get(at(id), { "If-None-Match": used.headers.etag })).status,
            304,
        );
        // Being used is no change that a writer could overwrite.
        answered(
            await author.put(
                at(id),
                { title: "Gate opens alone", lang: "en" },
                { "If-Match": first.headers.etag },
            ),
            200,
        );
        answered(await anybody.get(at(id), { "If-None-Match": used.headers.etag }), 200);
    });

    await test("drafts and archived cases are for staff, and not found by searching", async () => {
        for (const state of ["wip", "archived"]) {
            const { id } = answered(
                await author.post("/api/v1/cases", {
                    title: `Hob quibblesnatch ${state}`,
                    lang: "en",
                    state,
                }),
                201,
            );
            refused(await anybody.get(at(id)), 404, "not-found");
            answered(await engineer.get(at(id)), 200);
        }
        assert.equal(answered(await anybody.get("/api/v1/search?q=quibblesnatch"), 200).total, 0);
    });

    await test("a case that becomes internal is no longer shown", async () => {
        const { id } = answered(
            await author.post("/api/v1/cases", { title: "Oven snargleworth", lang: "en" }),
            201,
        );
        answered(
            await author.put(
                at(id),
                { title: "Oven snargleworth", lang: "en", audience: "internal" },
                { "If-Match": '"1"' },
            ),
            200,
        );
        refused(await anybody.get(at(id)), 404, "not-found");
        assert.equal(answered(await anybody.get("/api/v1/search?q=snargleworth"), 200).total, 0);
        assert.equal(answered(await engineer.get("/api/v1/search?q=snargleworth"), 200).total, 1);
    });

    await test("bad members of a case are refused and named", async () => {
        const base = { title: "x", lang: "en" };
        const cases = [
            [{ title: undefined }, "title"],
            [{ title: "" }, "title"],
            [{ title: " " }, "title"],
            [{ title: 1 }, "title"],
            [{ lang: "not a tag" }, "lang"],
            [{ lang: 5 }, "lang"],
            [{ audience: "everybody" }, "audience"],
            [{ keywords: [1] }, "keywords"],
            [{ category: {} }, "category"],
            [{ created: "yesterday" }, "created"],
            [{ updated: "2026-13-01T00:00:00Z" }, "updated"],
            [{ id: "a\nb" }, "id"],
            [{ id: 5 }, "id"],
            [{ symptom: [] }, "symptom"],
            [{ state: 1 }, "state"],
        ];
        for (const [more, named] of cases) {
            const problem = refused(
                await author.post("/api/v1/cases", { ...base, ...more }),
                422,
                "invalid",
            );
            assert.match(problem.detail, new RegExp(named), JSON.stringify(more));
        }
        for (const more of [
            { id: "x".repeat(401) },
            { title: "x".repeat(4097) },
            { keywords: Array(257).fill("k") },
        ])
            refused(await author.post("/api/v1/cases", { ...base, ...more }), 413, "too-large");
    });

    await test("a long case is taken and given back, a longer one is a 413", async () => {
        const text = "路由器 reboot ".repeat(40000);
        const { id } = answered(
            await author.post("/api/v1/cases", { title: "A manual", lang: "en", text }),
            201,
        );
        assert.equal(answered(await anybody.get(at(id)), 200).text, text);
        refused(
            await author.post("/api/v1/cases", {
                title: "x",
                lang: "en",
                text: "x".repeat((4 << 20) + 1),
            }),
            413,
            "too-large",
        );
        refused(
            await author.post("/api/v1/cases", {
                title: "x",
                lang: "en",
                text: "x".repeat(5 << 20),
            }),
            413,
            "too-large",
        );
    });
}
