// The answer step: ask, open, settle; and that counts cannot be raised from outside.
import assert from "node:assert/strict";
import { answered, ask, countsOf, refused } from "./expect.mjs";
import { sample } from "./search.mjs";
import { test } from "./tap.mjs";

export async function run({ anybody, engineer }) {
    await test("a question gets answers and an id that leads back to it", async () => {
        const reply = await anybody.post("/api/v1/consults", {
            text: "wifi keeps dropping",
            product: "NetHome HG8",
            channel: "app",
            lang: "en",
        });
        const { consult_id, answers } = answered(reply, 201);
        assert.equal(reply.headers.location, `/api/v1/consults/${consult_id}`);
        assert.equal(answers[0].id, "NH-0018");
        assert.ok(answers.every((a) => a.product === "NetHome HG8"));
        const consult = answered(await anybody.get(reply.headers.location), 200);
        assert.equal(consult.state, "open");
        assert.equal(consult.channel, "app");
        assert.deepEqual(
            consult.queries[0].shown.map((s) => s.case),
            answers.map((a) => a.id),
        );
    });

    await test("answers never hold a case that is not public", async () => {
        for (const one of sample.filter((c) => (c.audience ?? "public") !== "public")) {
            const { answers, path } = await ask(anybody, one.title);
            assert.ok(!answers.some((a) => a.id === one.id), one.id);
            refused(await anybody.post(`${path}/opened`, { case: one.id }), 409, "conflict");
            const again = answered(await anybody.post(`${path}/queries`, { text: one.id }), 200);
            assert.ok(!again.answers.some((a) => a.id === one.id), one.id);
        }
    });

    await test("another wording adds to the same consult", async () => {
        const { path, id } = await ask(anybody);
        const more = answered(await anybody.post(`${path}/queries`, { text: "印表機卡紙" }), 200);
        assert.equal(more.consult_id, id);
        assert.equal(answered(await anybody.get(path), 200).queries.length, 2);
        answered(await anybody.post(`${path}/opened`, { case: more.answers[0].id }), 204);
    });

    await test("shown and opened are counted once a consult", async () => {
        const before = await countsOf(engineer, "NH-0018");
        const { path } = await ask(anybody);
        for (let i = 0; i < 3; i++) {
            const reply = await anybody.post(`${path}/opened`, { case: "NH-0018" });
            assert.equal(reply.status, 204);
            assert.equal(reply.text, "");
        }
        const after = await countsOf(engineer, "NH-0018");
        assert.deepEqual([after.shown - before.shown, after.opened - before.opened], [1, 1]);
    });

    await test("a case that was not among the answers cannot be opened or have solved it", async () => {
        const { path } = await ask(anybody, "NH-0018");
        for (const id of ["LC-0203", "NH-0012", "none", "nh-0018"]) {
            refused(await anybody.post(`${path}/opened`, { case: id }), 409, "conflict");
            refused(
                await anybody.post(`${path}/outcome`, { solved: true, case: id }),
                409,
                "conflict",
            );
        }
        assert.equal(answered(await anybody.get(path), 200).state, "open");
    });

    await test("solved with a rating counts; the same again is a 200, otherwise a 409", async () => {
        const before = await countsOf(engineer, "NH-0018");
        const { path } = await ask(anybody);
        const outcome = { solved: true, case: "NH-0018", rating: 5 };
        const settled = answered(await anybody.post(`${path}/outcome`, outcome), 200);
        assert.equal(settled.state, "solved");
        assert.equal(settled.outcome.rating, 5);
        assert.deepEqual(answered(await anybody.post(`${path}/outcome`, outcome), 200), settled);
        assert.equal((await countsOf(engineer, "NH-0018")).solved, before.solved + 1);
        refused(await anybody.post(`${path}/outcome`, { solved: false }), 409, "conflict");
        refused(
            await anybody.post(`${path}/outcome`, { solved: true, case: "NH-0018", rating: 1 }),
            409,
            "conflict",
        );
        refused(await anybody.post(`${path}/queries`, { text: "more" }), 409, "conflict");
    });

    await test("a hundred replays of opened and outcome raise each count by one", async () => {
        const { path, best } = await ask(anybody, "智能门锁 电池");
        const before = await countsOf(engineer, best);
        for (let i = 0; i < 10; i++) {
            const batch = [];
            for (let n = 0; n < 10; n++) {
                batch.push(anybody.post(`${path}/opened`, { case: best }));
                if (i > 0)
                    batch.push(
                        anybody.post(`${path}/outcome`, { solved: true, case: best, rating: 4 }),
                    );
            }
            for (const reply of await Promise.all(batch))
                assert.ok([200, 204].includes(reply.status), reply.text);
        }
        for (let n = 0; n < 10; n++)
            answered(
                await anybody.post(`${path}/outcome`, { solved: true, case: best, rating: 4 }),
                200,
            );
        const after = await countsOf(engineer, best);
        assert.deepEqual(
            [
                after.opened - before.opened,
                after.solved - before.solved,
                after.cited - before.cited,
            ],
            [1, 1, 0],
        );
    });

    await test("of solved and not solved said at once one stands", async () => {
        for (let round = 0; round < 5; round++) {
            const { path, best } = await ask(anybody);
            const before = await countsOf(engineer, best);
            const replies = await Promise.all(
                Array.from({ length: 20 }, (_, i) =>
                    anybody.post(
                        `${path}/outcome`,
                        i % 2 === 0 ? { solved: true, case: best } : { solved: false },
                    ),
                ),
            );
            const { state } = answered(await anybody.get(path), 200);
            assert.equal(replies.filter((r) => r.status === 200).length, 10);
            for (const reply of replies.filter((r) => r.status === 200))
                assert.equal(reply.json.state, state);
            const after = await countsOf(engineer, best);
            assert.equal(after.solved - before.solved, state === "solved" ? 1 : 0);
        }
    });

    await test("not solved and nothing found are told apart", async () => {
        const shown = await ask(anybody);
        const settled = answered(
            await anybody.post(`${shown.path}/outcome`, { solved: false, reason: "steps" }),
            200,
        );
        assert.equal(settled.state, "not_solved");
        assert.equal(settled.outcome.reason, "steps");
        const nothing = await ask(anybody, "qqzzxx vvwwkk");
        assert.equal(nothing.answers.length, 0);
        assert.equal(
            answered(await anybody.post(`${nothing.path}/outcome`, { solved: false }), 200).state,
            "no_result",
        );
    });

    await test("an Idempotency-Key gives the same consult, and refuses another question", async () => {
        const key = { "Idempotency-Key": "consult-key-1" };
        const before = await countsOf(engineer, "NH-0018");
        const first = answered(
            await anybody.post("/api/v1/consults", { text: "wifi keeps dropping" }, key),
            201,
        );
        const again = answered(
            await anybody.post("/api/v1/consults", { text: "wifi keeps dropping" }, key),
            201,
        );
        assert.equal(again.consult_id, first.consult_id);
        assert.equal((await countsOf(engineer, "NH-0018")).shown, before.shown + 1);
        refused(
            await anybody.post("/api/v1/consults", { text: "something else" }, key),
            409,
            "conflict",
        );
        refused(
            await anybody.post(
                "/api/v1/consults",
                { text: "x" },
                { "Idempotency-Key": "k".repeat(300) },
            ),
            422,
            "invalid",
        );
    });

    await test("bad members are refused and named", async () => {
        const { path } = await ask(anybody);
        const cases = [
            ["/api/v1/consults", {}, "text"],
            ["/api/v1/consults", { text: "" }, "text"],
            ["/api/v1/consults", { text: " \n\t " }, "text"],
            ["/api/v1/consults", { text: null }, "text"],
            ["/api/v1/consults", { text: 5 }, "text"],
            ["/api/v1/consults", { text: ["a"] }, "text"],
            ["/api/v1/consults", { text: "x", channel: "fax" }, "channel"],
            ["/api/v1/consults", { text: "x", product: {} }, "product"],
            ["/api/v1/consults", [], "object"],
            ["/api/v1/consults", '"text"', "object"],
            ["/api/v1/consults", "null", "object"],
            [`${path}/queries`, { text: " " }, "text"],
            [`${path}/opened`, {}, "case"],
            [`${path}/opened`, { case: 1 }, "case"],
            [`${path}/outcome`, {}, "solved"],
            [`${path}/outcome`, { solved: "yes" }, "solved"],
            [`${path}/outcome`, { solved: 1 }, "solved"],
            [`${path}/outcome`, { solved: true, rating: 0 }, "rating"],
            [`${path}/outcome`, { solved: true, rating: 6 }, "rating"],
            [`${path}/outcome`, { solved: true, rating: 4.5 }, "rating"],
            [`${path}/outcome`, { solved: true, rating: "5" }, "rating"],
        ];
        for (const [where, body, named] of cases) {
            const problem = refused(await anybody.post(where, body), 422, "invalid");
            assert.match(problem.detail, new RegExp(named), `${where} ${JSON.stringify(body)}`);
        }
        refused(
            await anybody.post("/api/v1/consults", { text: "x", lang: "x".repeat(36) }),
            413,
            "too-large",
        );
        assert.equal(answered(await anybody.get(path), 200).state, "open");
    });

    await test("an unknown consult is a 404 on every call", async () => {
        for (const id of ["0".repeat(32), "x", "%E7%BD%91", "A".repeat(600), "..%2F..", "%27"]) {
            refused(
                await anybody.get(`/api/v1/consults/${id}`),
                id.startsWith("..") ? 400 : 404,
                id.startsWith("..") ? "malformed" : "not-found",
            );
            if (id.startsWith("..")) continue;
            refused(
                await anybody.post(`/api/v1/consults/${id}/queries`, { text: "x" }),
                404,
                "not-found",
            );
            refused(
                await anybody.post(`/api/v1/consults/${id}/opened`, { case: "x" }),
                404,
                "not-found",
            );
            refused(
                await anybody.post(`/api/v1/consults/${id}/outcome`, { solved: false }),
                404,
                "not-found",
            );
        }
    });
}
