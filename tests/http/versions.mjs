// Two people and one ticket: If-Match on all that changes it, the 412, and what does not collide.
import assert from "node:assert/strict";
import { answered, phoneTicket, refused } from "./expect.mjs";
import { test } from "./tap.mjs";

export async function run({ anybody, engineer }) {
    const changes = [
        ["replies", { text: "Good day." }, 201],
        ["links", { case: "NH-0018", role: "sent" }, 201],
        ["steps", { event: "take" }, 200],
        ["severity", { severity: "S2", reason: "more of them" }, 200],
    ];

    await test("a ticket is read with its version, and the same again is a 304", async () => {
        const { path, key } = await phoneTicket(anybody);
        for (const [client, at] of [
            [engineer, path],
            [anybody, `${path}?key=${key}`],
        ]) {
            const reply = await client.get(at);
            assert.equal(reply.headers.etag, `"${answered(reply, 200).version}"`);
            const same = await client.get(at, { "If-None-Match": reply.headers.etag });
            assert.equal(same.status, 304);
        }
    });

    await test("what was asked for at another version is not done, and the 412 says which", async () => {
        for (const [call, body, code] of changes) {
            const { path } = await phoneTicket(anybody);
            const shown = (await engineer.get(path)).headers.etag;
            answered(await engineer.post(`${path}/replies`, { text: "I was faster." }), 201);
            const before = await engineer.get(path);
            const problem = refused(
                await engineer.post(`${path}/${call}`, body, { "If-Match": shown }),
                412,
                "changed",
            );
            assert.equal(`"${problem.version}"`, before.headers.etag);
            assert.deepEqual((await engineer.get(path)).json, before.json);
            const done = await engineer.post(`${path}/${call}`, body, {
                "If-Match": before.headers.etag,
            });
            assert.equal(done.headers.etag, `"${answered(done, code).version}"`);
            answered(await engineer.post(`${path}/replies`, { text: "x" }, { "If-Match": "*" }), 201);
        }
    });

    await test("a tag that no ticket can have matches none", async () => {
        const { path } = await phoneTicket(anybody);
        for (const tag of ["1", '"1', '"0"', '""', 'W/"1"', '"1", "2"', '"1-2"', '"18446744073709551617"', "x"])
            refused(
                await engineer.post(`${path}/replies`, { text: "x" }, { "If-Match": tag }),
                412,
                "changed",
            );
        assert.equal((await engineer.get(path)).json.posts.length, 0);
    });

    await test("of twenty who change the same version at once one is taken", async () => {
        const { path } = await phoneTicket(anybody);
        const match = { "If-Match": (await engineer.get(path)).headers.etag };
        const replies = await Promise.all(
            Array.from({ length: 20 }, (_, i) =>
                engineer.post(`${path}/replies`, { text: `I am ${i}` }, match),
            ),
        );
        assert.equal(replies.filter((r) => r.status === 201).length, 1);
        assert.equal(replies.filter((r) => r.status === 412).length, 19);
        assert.equal((await engineer.get(path)).json.posts.length, 1);
    });

    await test("without it twenty replies at once are twenty posts", async () => {
        const { path } = await phoneTicket(anybody);
        await Promise.all(
            Array.from({ length: 20 }, (_, i) =>
                engineer.post(`${path}/replies`, { text: `I am ${i}` }),
            ),
        );
        assert.equal((await engineer.get(path)).json.posts.length, 20);
    });

    await test("a repeat under its key is answered as it was, whatever the version is by now", async () => {
        const { path } = await phoneTicket(anybody);
        const headers = {
            "If-Match": (await engineer.get(path)).headers.etag,
            "Idempotency-Key": "versions-1",
        };
        for (let i = 0; i < 3; i++)
            assert.equal(
                answered(await engineer.post(`${path}/replies`, { text: "Once" }, headers), 201).posts
                    .length,
                1,
            );
        refused(
            await engineer.post(`${path}/replies`, { text: "Twice" }, { ...headers, "Idempotency-Key": "versions-2" }),
            412,
            "changed",
        );
    });
}
