// The desk's work on a ticket: its steps, its thread, the cases linked to it, the list.
import assert from "node:assert/strict";
import { answered, ask, countsOf, phoneTicket, refused } from "./expect.mjs";
import { test } from "./tap.mjs";

export async function run({ anybody, engineer, author }) {
    await test("the steps follow the table, and closing needs a case or a reason", async () => {
        const { path } = await phoneTicket(anybody);
        const step = (event, reason) => engineer.post(`${path}/steps`, { event, reason });
        for (const event of ["resolve", "close", "resume", "triage", "reopen", "wait_parts", "wait_handoff"])
            refused(await step(event, "why"), 409, "conflict");
        for (const event of [
            "accept",
            "triage",
            "dispatch",
            "start",
            "wait_customer",
            "resume",
            "restore",
            "resolve",
        ])
            answered(await step(event), 200);
        refused(await step("close"), 409, "conflict");
        assert.equal(answered(await step("close", "power was off"), 200).state, "closed");
        refused(await step("reopen"), 422, "invalid");
        assert.equal(answered(await step("reopen", "again"), 200).state, "in_progress");
        answered(await step("resolve"), 200);
        answered(
            await engineer.post(`${path}/links`, { case: "NH-0018", role: "resolved_by" }),
            201,
        );
        const closed = answered(await step("close"), 200);
        assert.equal(closed.state, "closed");
        assert.equal(closed.history.at(-1).event, "close");
        for (const body of [{ event: "explode" }, { event: "" }, { event: 1 }, {}])
            refused(await engineer.post(`${path}/steps`, body), 422, "invalid");
    });

    await test("side exits need a reason, and what the customer writes then opens a ticket that follows", async () => {
        for (const [event, state] of [
            ["reject", "out_of_scope"],
            ["cancel", "cancelled"],
            ["spam", "spam"],
        ]) {
            const { path, key } = await phoneTicket(anybody);
            if (event !== "spam")
                refused(await engineer.post(`${path}/steps`, { event }), 422, "invalid");
            assert.equal(
                answered(await engineer.post(`${path}/steps`, { event, reason: "because" }), 200)
                    .state,
                state,
            );
            const late = await anybody.post(`${path}/replies?key=${key}`, { text: "Hello?" });
            if (event === "spam") refused(late, 409, "conflict");
            else assert.equal(answered(late, 201).follows, Number(path.split("/").pop()));
        }
    });

    await test("a customer's word wakes a ticket that waits for him or was resolved", async () => {
        for (const event of ["wait_customer", "resolve"]) {
            const { path, key } = await phoneTicket(anybody);
            answered(await engineer.post(`${path}/steps`, { event: "take" }), 200);
            answered(await engineer.post(`${path}/steps`, { event }), 200);
            assert.equal(
                answered(
                    await anybody.post(`${path}/replies?key=${key}`, { text: "Still broken" }),
                    201,
                ).state,
                "in_progress",
            );
        }
    });

    await test("a reply with an Idempotency-Key is written once", async () => {
        const { path } = await phoneTicket(anybody);
        const key = { "Idempotency-Key": "reply-1" };
        for (let i = 0; i < 5; i++)
            assert.equal(
                answered(await engineer.post(`${path}/replies`, { text: "Once" }, key), 201).posts
                    .length,
                1,
            );
        refused(await engineer.post(`${path}/replies`, { text: "Twice" }, key), 409, "conflict");
        for (const text of ["", " ", "\n"])
            refused(await engineer.post(`${path}/replies`, { text }), 422, "invalid");
    });

    await test("a note that is not clearly internal is refused, never published", async () => {
        const { path } = await phoneTicket(anybody);
        for (const internal of ["true", 1, {}, []])
            refused(await engineer.post(`${path}/replies`, { text: "x", internal }), 422, "invalid");
        assert.equal(answered(await engineer.get(path), 200).posts.length, 0);
    });

    await test("resolved_by counts as cited, by the author's own account as self_used", async () => {
        const mine = answered(
            await author.post("/api/v1/cases", {
                title: "Doorbell rings by itself at night",
                lang: "en",
            }),
            201,
        );
        const link = async (client, role) => {
            const { path } = await phoneTicket(anybody);
            for (let i = 0; i < 3; i++)
                answered(await client.post(`${path}/links`, { case: mine.id, role }), 201);
        };
        const none = { shown: 0, opened: 0, solved: 0, sent: 0, cited: 0, self_used: 0 };
        assert.deepEqual(await countsOf(engineer, mine.id), none);
        await link(author, "resolved_by");
        assert.deepEqual(await countsOf(engineer, mine.id), { ...none, self_used: 1 });
        await link(engineer, "resolved_by");
        assert.deepEqual(await countsOf(engineer, mine.id), { ...none, self_used: 1, cited: 1 });
        await link(engineer, "sent");
        await link(engineer, "consulted");
        await link(engineer, "not_helpful");
        assert.deepEqual(await countsOf(engineer, mine.id), {
            ...none,
            self_used: 1,
            cited: 1,
            sent: 1,
        });
        const consult = await ask(author, "doorbell rings by itself at night");
        answered(
            await author.post(`${consult.path}/outcome`, { solved: true, case: mine.id }),
            200,
        );
        assert.equal((await countsOf(engineer, mine.id)).solved, 0);
    });

    await test("unknown cases, roles and tickets are refused", async () => {
        const { path } = await phoneTicket(anybody);
        refused(
            await engineer.post(`${path}/links`, { case: "none", role: "sent" }),
            404,
            "not-found",
        );
        refused(
            await engineer.post("/api/v1/tickets/999999/links", { case: "NH-0018", role: "sent" }),
            404,
            "not-found",
        );
        for (const role of ["liked", "", "created_from", "RESOLVED_BY", 1])
            refused(
                await engineer.post(`${path}/links`, { case: "NH-0018", role }),
                422,
                "invalid",
            );
        refused(await engineer.post(`${path}/links`, { role: "sent" }), 422, "invalid");
        assert.equal(answered(await engineer.get(path), 200).links.length, 0);
    });

    await test("the list pages, filters, and is for staff", async () => {
        refused(await anybody.get("/api/v1/tickets"), 401, "sign-in");
        const seen = [];
        let before = 0;
        do {
            const page = answered(
                await engineer.get(`/api/v1/tickets?limit=7&before=${before}`),
                200,
            );
            seen.push(...page.tickets.map((t) => t.n));
            before = page.next ?? 0;
        } while (before > 0);
        const sorted = [...new Set(seen)].sort((a, b) => b - a);
        assert.deepEqual(seen, sorted);
        assert.equal(seen.length, seen[0]);
        for (const row of answered(await engineer.get("/api/v1/tickets?state=closed"), 200).tickets)
            assert.equal(row.state, "closed");
        for (const row of answered(await engineer.get("/api/v1/tickets?state=open&limit=200"), 200)
            .tickets)
            assert.ok(!["closed", "cancelled", "spam", "out_of_scope"].includes(row.state));
        for (const query of [
            "state=lost",
            "limit=0",
            "limit=201",
            "before=-1",
            "before=4294967296",
        ])
            refused(await engineer.get(`/api/v1/tickets?${query}`), 422, "invalid");
    });

    await test("prior cases fit the ticket's words, internal ones too", async () => {
        const { path } = await phoneTicket(anybody, {
            title: "Wifi keeps dropping every few minutes",
        });
        assert.equal(
            answered(await engineer.get(`${path}/cases?limit=3`), 200).hits[0].id,
            "NH-0018",
        );
        refused(await anybody.get(`${path}/cases`), 401, "sign-in");
    });
}
