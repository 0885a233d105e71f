// Tickets as they are opened: the answer step, repeats, the link, who may read them.
import assert from "node:assert/strict";
import { answered, ask, phoneTicket, refused } from "./expect.mjs";
import { test } from "./tap.mjs";

const notSolved = async (client, text) => {
    const consult = await ask(client, text);
    answered(await client.post(`${consult.path}/outcome`, { solved: false }), 200);
    return consult;
};

export async function run({ anybody, engineer }) {
    await test("without the answer step a ticket is refused, with the way to it", async () => {
        const problem = refused(
            await anybody.post("/api/v1/tickets", { title: "x", text: "y" }),
            409,
            "conflict",
        );
        assert.equal(problem.consult_url, "/api/v1/consults");
        for (const channel of ["web", "wechat", "app", "api"])
            refused(
                await anybody.post("/api/v1/tickets", { title: "x", channel }),
                409,
                "conflict",
            );
        const open = await ask(anybody);
        const named = refused(
            await anybody.post("/api/v1/tickets", { title: "x", consult_id: open.id }),
            409,
            "conflict",
        );
        assert.equal(named.consult_url, open.path);
        assert.equal(named.consult_id, open.id);
        answered(
            await anybody.post(`${open.path}/outcome`, { solved: true, case: open.best }),
            200,
        );
        refused(
            await anybody.post("/api/v1/tickets", { title: "x", consult_id: open.id }),
            409,
            "conflict",
        );
    });

    await test("S1, phone, mail, rep, audit and non-technical need none", async () => {
        for (const more of [
            { severity: "S1" },
            { channel: "phone" },
            { channel: "mail" },
            { channel: "rep" },
            { channel: "audit" },
            { class: "non_technical" },
        ]) {
            const opened = answered(
                await anybody.post("/api/v1/tickets", { title: "No dial tone", ...more }),
                201,
            );
            const ticket = answered(await engineer.get(`/api/v1/tickets/${opened.n}`), 200);
            assert.ok(ticket.exempt.length > 0);
            assert.equal(ticket.consult, undefined);
        }
    });

    await test("after not solved a ticket carries all that was typed and shown", async () => {
        const consult = await notSolved(anybody, "wifi keeps dropping");
        const reply = await anybody.post("/api/v1/tickets", {
            consult_id: consult.id,
            class: "technical",
            severity: "S2",
            channel: "web",
            title: "Wifi drops",
            text: "Still.",
            contact: { name: "Lin", mail: "lin@example.org" },
        });
        const opened = answered(reply, 201);
        assert.equal(reply.headers.location, `/api/v1/tickets/${opened.n}`);
        const ticket = answered(await engineer.get(reply.headers.location), 200);
        assert.equal(ticket.state, "submitted");
        assert.equal(ticket.consult.id, consult.id);
        assert.deepEqual(
            ticket.consult.queries[0].shown.map((s) => s.case),
            consult.answers.map((a) => a.id),
        );
        assert.deepEqual(ticket.contact, { name: "Lin", mail: "lin@example.org" });
        assert.equal(answered(await anybody.get(consult.path), 200).ticket, opened.n);
        assert.equal(
            answered(await engineer.get(`/api/v1/tickets/${opened.ticket.toLowerCase()}`), 200).n,
            opened.n,
        );
        refused(
            await anybody.post("/api/v1/tickets", { consult_id: consult.id, title: "again" }),
            409,
            "conflict",
        );
    });

    await test("a consult that found nothing may become a ticket at once", async () => {
        const nothing = await ask(anybody, "qqzzxx vvwwkk");
        const opened = answered(
            await anybody.post("/api/v1/tickets", { consult_id: nothing.id }),
            201,
        );
        const ticket = answered(await engineer.get(`/api/v1/tickets/${opened.n}`), 200);
        assert.equal(ticket.title, "qqzzxx vvwwkk");
        assert.equal(ticket.consult.state, "no_result");
    });

    await test("of twenty tickets at once from one consult one is opened", async () => {
        const consult = await notSolved(anybody);
        const replies = await Promise.all(
            Array.from({ length: 20 }, () =>
                anybody.post("/api/v1/tickets", { consult_id: consult.id, title: "x" }),
            ),
        );
        assert.equal(replies.filter((r) => r.status === 201).length, 1);
        assert.equal(replies.filter((r) => r.status === 409).length, 19);
    });

    await test("a repeat with the same Idempotency-Key gets the same ticket and link", async () => {
        const key = { "Idempotency-Key": "ticket-key-1" };
        const consult = await notSolved(anybody);
        const body = { consult_id: consult.id, title: "x", contact: { mail: "a@example.org" } };
        const replies = await Promise.all(
            Array.from({ length: 10 }, () => anybody.post("/api/v1/tickets", body, key)),
        );
        const first = answered(replies[0], 201);
        for (const reply of replies) assert.deepEqual(answered(reply, 201), first);
        assert.deepEqual(answered(await anybody.post("/api/v1/tickets", body, key), 201), first);
        refused(
            await anybody.post("/api/v1/tickets", { ...body, title: "y" }, key),
            409,
            "conflict",
        );
        refused(
            await anybody.post(
                "/api/v1/tickets",
                { ...body, contact: { mail: "b@example.org" } },
                key,
            ),
            409,
            "conflict",
        );
        refused(
            await anybody.post("/api/v1/tickets", { channel: "phone", title: "x" }, key),
            409,
            "conflict",
        );
    });

    await test("a ticket is read by staff and by the holder of its link, and nobody else", async () => {
        const mine = await phoneTicket(anybody);
        const other = await phoneTicket(anybody);
        assert.notEqual(mine.key, other.key);
        answered(await engineer.get(mine.path), 200);
        assert.equal(answered(await anybody.get(`${mine.path}?key=${mine.key}`), 200).n, mine.n);
        assert.equal(
            answered(await anybody.get(mine.path, { "X-Follow-Up-Key": mine.key }), 200).n,
            mine.n,
        );
        refused(await anybody.get(mine.path), 401, "sign-in");
        for (const key of [
            other.key,
            "",
            "0".repeat(32),
            mine.key.slice(1),
            mine.key.toUpperCase() === mine.key ? "x" : mine.key.toUpperCase(),
            "%00".slice(1),
        ]) {
            refused(await anybody.get(`${mine.path}?key=${key}`), 401, "sign-in");
            refused(
                await anybody.post(`${mine.path}/replies?key=${key}`, { text: "x" }),
                401,
                "sign-in",
            );
        }
        refused(await anybody.get("/api/v1/tickets/999999"), 401, "sign-in");
        refused(await engineer.get("/api/v1/tickets/999999"), 404, "not-found");
        for (const n of ["0", "-1", "abc", "4294967296", "1x", "AF-2026-"])
            refused(await engineer.get(`/api/v1/tickets/${n}`), 404, "not-found");
    });

    await test("the holder sees no internal post and not who did what", async () => {
        const { path, key } = await phoneTicket(anybody);
        answered(
            await engineer.post(`${path}/replies`, { text: "difficult person", internal: true }),
            201,
        );
        answered(await engineer.post(`${path}/replies`, { text: "Good day." }), 201);
        answered(await engineer.post(`${path}/links`, { case: "NH-0018", role: "sent" }), 201);
        answered(await engineer.post(`${path}/steps`, { event: "take", reason: "mine" }), 200);
        const seen = await anybody.get(`${path}?key=${key}`);
        const ticket = answered(seen, 200);
        assert.deepEqual(
            ticket.posts.map((p) => p.text),
            ["Good day."],
        );
        assert.doesNotMatch(seen.text, /difficult|"by"|internal|token\.|mine|entered_by/);
        // The holder cannot write an internal post, nor read what staff reads.
        const after = answered(
            await anybody.post(`${path}/replies?key=${key}`, { text: "Hello", internal: true }),
            201,
        );
        assert.deepEqual(
            after.posts.map((p) => p.from),
            ["staff", "customer"],
        );
        assert.doesNotMatch(JSON.stringify(after), /difficult/);
        refused(await anybody.post(`${path}/steps?key=${key}`, { event: "close" }), 401, "sign-in");
        refused(
            await anybody.post(`${path}/links?key=${key}`, {
                case: "NH-0018",
                role: "resolved_by",
            }),
            401,
            "sign-in",
        );
        refused(await anybody.get(`${path}/cases?key=${key}`), 401, "sign-in");
    });

    await test("bad members of a ticket are refused and named", async () => {
        const base = { channel: "phone", title: "x" };
        const cases = [
            [{ class: "rude" }, "class"],
            [{ severity: "S5" }, "severity"],
            [{ severity: "s1" }, "severity"],
            [{ channel: "fax" }, "channel"],
            [{ title: "" }, "title"],
            [{ title: " " }, "title"],
            [{ title: 1 }, "title"],
            [{ text: [] }, "text"],
            [{ contact: [] }, "contact"],
            [{ contact: "x" }, "contact"],
            [{ contact: { mail: 1 } }, "mail"],
            [{ contact: { mail: "a\r\nBcc: b@example.org" } }, "mail"],
            [
                {
                    contact: Object.fromEntries(
                        Array.from({ length: 21 }, (_, i) => [`m${i}`, "x"]),
                    ),
                },
                "contact",
            ],
            [{ consult_id: 7 }, "consult_id"],
        ];
        for (const [more, named] of cases) {
            const problem = refused(
                await anybody.post("/api/v1/tickets", { ...base, ...more }),
                422,
                "invalid",
            );
            assert.match(problem.detail, new RegExp(named), JSON.stringify(more));
        }
        for (const more of [
            { title: "x".repeat(1025) },
            { text: "x".repeat(65537) },
            { contact: { mail: "x".repeat(1025) } },
        ])
            refused(await anybody.post("/api/v1/tickets", { ...base, ...more }), 413, "too-large");
        refused(
            await anybody.post("/api/v1/tickets", { ...base, consult_id: "0".repeat(32) }),
            404,
            "not-found",
        );
        answered(
            await anybody.post("/api/v1/tickets", {
                ...base,
                title: "x".repeat(1024),
                text: "\u{1F600}".repeat(16000),
                contact: { mail: "x".repeat(1024) },
            }),
            201,
        );
    });
}
