// The library's own words: who may, versions, and that the next question knows them.
import assert from "node:assert/strict";
import { answered, refused } from "./expect.mjs";
import { test } from "./tap.mjs";

const path = "/api/v1/vocabulary";

export async function run({ anybody, author, engineer, admin }) {
    const find = async (q) =>
        answered(await anybody.get(`/api/v1/search?q=${encodeURIComponent(q)}`), 200).hits;

    await test("an admin sets words, and the next question knows them", async () => {
        const before = await admin.get(path);
        const { version } = answered(before, 200);
        assert.equal(before.headers.etag, `"${version}"`);
        assert.deepEqual(await find("blorptastic"), []);
        const text = "blorptastic, wifi keeps dropping\n? pray tell\n";
        const set = await admin.put(path, { text }, { "If-Match": before.headers.etag });
        assert.deepEqual(answered(set, 200), {
            version: version + 1,
            text,
            lines: 2,
            phrases: 3,
            pairs: 2,
            asking: 1,
        });
        assert.equal(set.headers.etag, `"${version + 1}"`);
        const [first] = await find("blorptastic");
        assert.ok(first.reasons.includes("synonym"), JSON.stringify(first));
        assert.equal(answered(await admin.get(path), 200).text, text);
        answered(await admin.put(path, { text: "" }, { "If-Match": set.headers.etag }), 200);
        assert.deepEqual(await find("blorptastic"), []);
    });

    await test("regional words come with the program: 印表機 finds 打印机", async () => {
        const hits = await find("印表機");
        assert.ok(hits.length > 0);
    });

    await test("PUT needs If-Match of the newest version: 428, 412, 200", async () => {
        const got = await admin.get(path);
        refused(await admin.put(path, { text: "one, two" }), 428, "precondition-required");
        for (const tag of ['"99"', `W/${got.headers.etag}`, "1", '"x"'])
            refused(await admin.put(path, { text: "one, two" }, { "If-Match": tag }), 412, "changed");
        answered(await admin.put(path, { text: "one, two" }, { "If-Match": "*" }), 200);
        refused(
            await admin.put(path, { text: "x1, x2" }, { "If-Match": got.headers.etag }),
            412,
            "changed",
        );
        answered(await admin.put(path, { text: "" }, { "If-Match": "*" }), 200);
    });

    await test("what is no vocabulary is refused with its line", async () => {
        for (const [text, says] of [
            ["one", /line 1: one phrase alone/],
            ["a1, b1\nc, d", /line 2: a phrase has at least two characters/],
            ["fr: mot, parole", /line 1: before a colon/],
            ["? a1 > b1", /line 1: nothing can be right of >/],
        ]) {
            const reply = await admin.put(path, { text }, { "If-Match": "*" });
            assert.match(refused(reply, 422, "invalid").detail, says);
        }
        for (const body of [{}, { text: 1 }, { text: null }, []])
            refused(await admin.put(path, body, { "If-Match": "*" }), 422, "invalid");
        const long = { text: "#".repeat(262145) };
        assert.ok([413, 422].includes((await admin.put(path, long, { "If-Match": "*" })).status));
    });

    await test("nobody but an admin reads or sets it", async () => {
        for (const who of [author, engineer]) {
            refused(await who.get(path), 403, "denied");
            refused(await who.put(path, { text: "" }, { "If-Match": "*" }), 403, "denied");
        }
    });
}
