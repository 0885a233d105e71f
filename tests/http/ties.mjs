// A ticket and another one: merging, and what its reporter goes on with.
import assert from "node:assert/strict";
import { answered, phoneTicket, refused } from "./expect.mjs";
import { test } from "./tap.mjs";

export async function run({ anybody, engineer, admin }) {
    await test("a merged ticket's reporter goes on by his link, and staff reads both", async () => {
        const mine = await phoneTicket(anybody, { contact: { mail: "a@example.org" } });
        const other = await phoneTicket(anybody, { contact: { mail: "b@example.org" } });
        const merged = answered(
            await engineer.post(`${mine.path}/merge`, { into: other.ticket, reason: "one outage" }),
            200,
        );
        assert.equal(merged.state, "merged");
        assert.equal(merged.merged_into, other.n);
        answered(await anybody.post(`${mine.path}/replies?key=${mine.key}`, { text: "Still" }), 201);
        answered(await engineer.post(`${other.path}/replies`, { text: "We are at it." }), 201);
        const survivor = answered(await engineer.get(other.path), 200);
        assert.deepEqual(survivor.merged, [mine.n]);
        assert.deepEqual(
            survivor.posts.map((p) => [p.text, p.ticket, p.via]),
            [
                ["No dial tone", mine.n, undefined],
                ["Still", undefined, mine.n],
                ["We are at it.", undefined, undefined],
            ],
        );
        const seen = answered(await anybody.get(`${mine.path}?key=${mine.key}`), 200);
        assert.deepEqual(
            seen.posts.map((p) => p.text),
            ["Still", "We are at it."],
        );
        assert.equal(seen.state, "submitted");
        assert.equal(seen.n, mine.n);
        // What one reporter wrote is not the other's to read.
        const others = await anybody.get(`${other.path}?key=${other.key}`);
        assert.doesNotMatch(others.text, /Still|merged|a@example/);
        refused(
            await anybody.post(`${other.path}/merge?key=${other.key}`, { into: mine.n }),
            401,
            "sign-in",
        );
    });

    await test("bad merges are refused, and taking one back is for supervisors", async () => {
        const [a, b] = [await phoneTicket(anybody), await phoneTicket(anybody)];
        for (const into of [0, -1, 1.5, "x", null, [], undefined])
            refused(await engineer.post(`${a.path}/merge`, { into }), 422, "invalid");
        refused(await engineer.post(`${a.path}/merge`, { into: 999999 }), 404, "not-found");
        refused(await engineer.post(`${a.path}/merge`, { into: a.n }), 409, "conflict");
        refused(await engineer.post(`${a.path}/steps`, { event: "merge", reason: "x" }), 422, "invalid");
        const shown = (await engineer.get(a.path)).headers.etag;
        answered(await engineer.post(`${a.path}/replies`, { text: "x" }), 201);
        refused(
            await engineer.post(`${a.path}/merge`, { into: b.n }, { "If-Match": shown }),
            412,
            "changed",
        );
        answered(await engineer.post(`${a.path}/merge`, { into: b.n }), 200);
        refused(await engineer.post(`${b.path}/merge`, { into: a.n }), 409, "conflict");
        refused(await engineer.post(`${a.path}/unmerge`, { reason: "no" }), 403, "denied");
        refused(await admin.post(`${a.path}/unmerge`, { reason: "" }), 422, "invalid");
        const back = answered(await admin.post(`${a.path}/unmerge`, { reason: "no" }), 200);
        assert.equal(back.state, "submitted");
        assert.equal(back.merged_into, undefined);
    });
}
