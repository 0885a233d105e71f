// Tickets: the answer step before them, the link, the thread, the steps, the cases linked.
import assert from "node:assert/strict";
import { answered, ask, countsOf, phoneTicket, refused } from "./expect.mjs";
import { test } from "./tap.mjs";

const notSolved = async (client, text) => {
    const consult = await ask(client, text);
    answered(await client.post(`${consult.path}/outcome`, { solved: false }), 200);
    return consult;
};

export async function run({ anybody, engineer, author }) {
    await test("without the answer step a ticket is refused, with the way to it", async () => {
        const problem = refused(await anybody.post("/api/v1/tickets", { title: "x", text: "y" }), 409, "conflict");
        assert.equal(problem.consult_url, "/api/v1/consults");
        for (const channel of ["web", "wechat", "app", "api"])
            refused(await anybody.post("/api/v1/tickets", { title: "x", channel }), 409, "conflict");
        const open = await ask(anybody);
        const named = refused(await anybody.post("/api/v1/tickets", { title: "x", consult_id: open.id }), 409, "conflict");
        assert.equal(named.consult_url, open.path);
        assert.equal(named.consult_id, open.id);
        answered(await anybody.post(`${open.path}/outcome`, { solved: true, case: open.best }), 200);
        refused(await anybody.post("/api/v1/tickets", { title: "x", consult_id: open.id }), 409, "conflict");
    });

    await test("S1, phone, mail, rep, audit and non-technical need none", async () => {
        for (const more of [{ severity: "S1" }, { channel: "phone" }, { channel: "mail" }, { channel: "rep" }, { channel: "audit" }, { class: "non_technical" }]) {
            const opened = answered(await anybody.post("/api/v1/tickets", { title: "No dial tone", ...more }), 201);
            const ticket = answered(await engineer.get(`/api/v1/tickets/${opened.n}`), 200);
            assert.ok(ticket.exempt.length > 0);
            assert.equal(ticket.consult, undefined);
        }
    });

    await test("after not solved a ticket carries all that was typed and shown", async () => {
        const consult = await notSolved(anybody, "wifi keeps dropping");
        const reply = await anybody.post("/api/v1/tickets", { consult_id: consult.id, class: "technical", severity: "S2", channel: "web", title: "Wifi drops", text: "Still.", contact: { name: "Lin", mail: "lin@example.org" } });
        const opened = answered(reply, 201);
        assert.equal(reply.headers.location, `/api/v1/tickets/${opened.n}`);
        const ticket = answered(await engineer.get(reply.headers.location), 200);
        assert.equal(ticket.state, "submitted");
        assert.equal(ticket.consult.id, consult.id);
        assert.deepEqual(ticket.consult.queries[0].shown.map((s) => s.case), consult.answers.map((a) => a.id));
        assert.deepEqual(ticket.contact, { name: "Lin", mail: "lin@example.org" });
        assert.equal(answered(await anybody.get(consult.path), 200).ticket, opened.n);
        assert.equal(answered(await engineer.get(`/api/v1/tickets/${opened.ticket.toLowerCase()}`), 200).n, opened.n);
        refused(await anybody.post("/api/v1/tickets", { consult_id: consult.id, title: "again" }), 409, "conflict");
    });

    await test("a consult that found nothing may become a ticket at once", async () => {
        const nothing = await ask(anybody, "qqzzxx vvwwkk");
        const opened = answered(await anybody.post("/api/v1/tickets", { consult_id: nothing.id }), 201);
        const ticket = answered(await engineer.get(`/api/v1/tickets/${opened.n}`), 200);
        assert.equal(ticket.title, "qqzzxx vvwwkk");
        assert.equal(ticket.consult.state, "no_result");
    });

    await test("of twenty tickets at once from one consult one is opened", async () => {
        const consult = await notSolved(anybody);
        const replies = await Promise.all(Array.from({ length: 20 }, () => anybody.post("/api/v1/tickets", { consult_id: consult.id, title: "x" })));
        assert.equal(replies.filter((r) => r.status === 201).length, 1);
        assert.equal(replies.filter((r) => r.status === 409).length, 19);
    });

    await test("a repeat with the same Idempotency-Key gets the same ticket and link", async () => {
        const key = { "Idempotency-Key": "ticket-key-1" };
        const consult = await notSolved(anybody);
        const body = { consult_id: consult.id, title: "x", contact: { mail: "a@example.org" } };
        const replies = await Promise.all(Array.from({ length: 10 }, () => anybody.post("/api/v1/tickets", body, key)));
        const first = answered(replies[0], 201);
        for (const reply of replies) assert.deepEqual(answered(reply, 201), first);
        assert.deepEqual(answered(await anybody.post("/api/v1/tickets", body, key), 201), first);
        refused(await anybody.post("/api/v1/tickets", { ...body, title: "y" }, key), 409, "conflict");
        refused(await anybody.post("/api/v1/tickets", { ...body, contact: { mail: "b@example.org" } }, key), 409, "conflict");
        refused(await anybody.post("/api/v1/tickets", { channel: "phone", title: "x" }, key), 409, "conflict");
    });

    await test("a ticket is read by staff and by the holder of its link, and nobody else", async () => {
        const mine = await phoneTicket(anybody);
        const other = await phoneTicket(anybody);
        assert.notEqual(mine.key, other.key);
        answered(await engineer.get(mine.path), 200);
        assert.equal(answered(await anybody.get(`${mine.path}?key=${mine.key}`), 200).n, mine.n);
        assert.equal(answered(await anybody.get(mine.path, { "X-Follow-Up-Key": mine.key }), 200).n, mine.n);
        refused(await anybody.get(mine.path), 401, "sign-in");
        for (const key of [other.key, "", "0".repeat(32), mine.key.slice(1), mine.key.toUpperCase() === mine.key ? "x" : mine.key.toUpperCase(), "%00".slice(1)]) {
            refused(await anybody.get(`${mine.path}?key=${key}`), 401, "sign-in");
            refused(await anybody.post(`${mine.path}/replies?key=${key}`, { text: "x" }), 401, "sign-in");
        }
        refused(await anybody.get("/api/v1/tickets/999999"), 401, "sign-in");
        refused(await engineer.get("/api/v1/tickets/999999"), 404, "not-found");
        for (const n of ["0", "-1", "abc", "4294967296", "1x", "AF-2026-"]) refused(await engineer.get(`/api/v1/tickets/${n}`), 404, "not-found");
    });

    await test("the holder sees no internal post and not who did what", async () => {
        const { path, key } = await phoneTicket(anybody);
        answered(await engineer.post(`${path}/replies`, { text: "difficult person", internal: true }), 201);
        answered(await engineer.post(`${path}/replies`, { text: "Good day." }), 201);
        answered(await engineer.post(`${path}/links`, { case: "NH-0018", role: "sent" }), 201);
        answered(await engineer.post(`${path}/steps`, { event: "take", reason: "mine" }), 200);
        const seen = await anybody.get(`${path}?key=${key}`);
        const ticket = answered(seen, 200);
        assert.deepEqual(ticket.posts.map((p) => p.text), ["Good day."]);
        assert.doesNotMatch(seen.text, /difficult|"by"|internal|token\.|mine|entered_by/);
        // The holder cannot write an internal post, nor read what staff reads.
        const after = answered(await anybody.post(`${path}/replies?key=${key}`, { text: "Hello", internal: true }), 201);
        assert.deepEqual(after.posts.map((p) => p.from), ["staff", "customer"]);
        assert.doesNotMatch(JSON.stringify(after), /difficult/);
        refused(await anybody.post(`${path}/steps?key=${key}`, { event: "close" }), 401, "sign-in");
        refused(await anybody.post(`${path}/links?key=${key}`, { case: "NH-0018", role: "resolved_by" }), 401, "sign-in");
        refused(await anybody.get(`${path}/cases?key=${key}`), 401, "sign-in");
    });

    await test("the steps follow the table, and closing needs a case or a reason", async () => {
        const { path } = await phoneTicket(anybody);
        const step = (event, reason) => engineer.post(`${path}/steps`, { event, reason });
        for (const event of ["resolve", "close", "resume", "triage", "reopen", "wait_parts"]) refused(await step(event, "why"), 409, "conflict");
        for (const event of ["accept", "triage", "dispatch", "start", "wait_customer", "resume", "wait_parts", "resume", "wait_handoff", "resume", "restore", "resolve"])
            answered(await step(event), 200);
        refused(await step("close"), 409, "conflict");
        assert.equal(answered(await step("close", "power was off"), 200).state, "closed");
        refused(await step("reopen"), 422, "invalid");
        assert.equal(answered(await step("reopen", "again"), 200).state, "in_progress");
        answered(await step("resolve"), 200);
        answered(await engineer.post(`${path}/links`, { case: "NH-0018", role: "resolved_by" }), 201);
        const closed = answered(await step("close"), 200);
        assert.equal(closed.state, "closed");
        assert.equal(closed.history.at(-1).event, "close");
        for (const body of [{ event: "explode" }, { event: "" }, { event: 1 }, {}]) refused(await engineer.post(`${path}/steps`, body), 422, "invalid");
    });

    await test("side exits need a reason, and an ended ticket takes no more from the customer", async () => {
        for (const [event, state] of [["reject", "out_of_scope"], ["cancel", "cancelled"], ["spam", "spam"]]) {
            const { path, key } = await phoneTicket(anybody);
            if (event !== "spam") refused(await engineer.post(`${path}/steps`, { event }), 422, "invalid");
            assert.equal(answered(await engineer.post(`${path}/steps`, { event, reason: "because" }), 200).state, state);
            refused(await anybody.post(`${path}/replies?key=${key}`, { text: "Hello?" }), 409, "conflict");
        }
    });

    await test("a customer's word wakes a ticket that waits for him or was resolved", async () => {
        for (const event of ["wait_customer", "resolve"]) {
            const { path, key } = await phoneTicket(anybody);
            answered(await engineer.post(`${path}/steps`, { event: "take" }), 200);
            answered(await engineer.post(`${path}/steps`, { event }), 200);
            assert.equal(answered(await anybody.post(`${path}/replies?key=${key}`, { text: "Still broken" }), 201).state, "in_progress");
        }
    });

    await test("a reply with an Idempotency-Key is written once", async () => {
        const { path } = await phoneTicket(anybody);
        const key = { "Idempotency-Key": "reply-1" };
        for (let i = 0; i < 5; i++) assert.equal(answered(await engineer.post(`${path}/replies`, { text: "Once" }, key), 201).posts.length, 1);
        refused(await engineer.post(`${path}/replies`, { text: "Twice" }, key), 409, "conflict");
        for (const text of ["", " ", "\n"]) refused(await engineer.post(`${path}/replies`, { text }), 422, "invalid");
    });

    await test("resolved_by counts as cited, by the author's own account as self_used", async () => {
        const mine = answered(await author.post("/api/v1/cases", { title: "Doorbell rings by itself at night", lang: "en" }), 201);
        const link = async (client, role) => {
            const { path } = await phoneTicket(anybody);
            for (let i = 0; i < 3; i++) answered(await client.post(`${path}/links`, { case: mine.id, role }), 201);
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
        assert.deepEqual(await countsOf(engineer, mine.id), { ...none, self_used: 1, cited: 1, sent: 1 });
        const consult = await ask(author, "doorbell rings by itself at night");
        answered(await author.post(`${consult.path}/outcome`, { solved: true, case: mine.id }), 200);
        assert.equal((await countsOf(engineer, mine.id)).solved, 0);
    });

    await test("unknown cases, roles and tickets are refused", async () => {
        const { path } = await phoneTicket(anybody);
        refused(await engineer.post(`${path}/links`, { case: "none", role: "sent" }), 404, "not-found");
        refused(await engineer.post("/api/v1/tickets/999999/links", { case: "NH-0018", role: "sent" }), 404, "not-found");
        for (const role of ["liked", "", "created_from", "RESOLVED_BY", 1]) refused(await engineer.post(`${path}/links`, { case: "NH-0018", role }), 422, "invalid");
        refused(await engineer.post(`${path}/links`, { role: "sent" }), 422, "invalid");
        assert.equal(answered(await engineer.get(path), 200).links.length, 0);
    });

    await test("the list pages, filters, and is for staff", async () => {
        refused(await anybody.get("/api/v1/tickets"), 401, "sign-in");
        const seen = [];
        let before = 0;
        do {
            const page = answered(await engineer.get(`/api/v1/tickets?limit=7&before=${before}`), 200);
            seen.push(...page.tickets.map((t) => t.n));
            before = page.next ?? 0;
        } while (before > 0);
        const sorted = [...new Set(seen)].sort((a, b) => b - a);
        assert.deepEqual(seen, sorted);
        assert.equal(seen.length, seen[0]);
        for (const row of answered(await engineer.get("/api/v1/tickets?state=closed"), 200).tickets) assert.equal(row.state, "closed");
        for (const row of answered(await engineer.get("/api/v1/tickets?state=open&limit=200"), 200).tickets)
            assert.ok(!["closed", "cancelled", "spam", "out_of_scope"].includes(row.state));
        for (const query of ["state=lost", "limit=0", "limit=201", "before=-1", "before=4294967296"]) refused(await engineer.get(`/api/v1/tickets?${query}`), 422, "invalid");
    });

    await test("prior cases fit the ticket's words, internal ones too", async () => {
        const { path } = await phoneTicket(anybody, { title: "Wifi keeps dropping every few minutes" });
        assert.equal(answered(await engineer.get(`${path}/cases?limit=3`), 200).hits[0].id, "NH-0018");
        refused(await anybody.get(`${path}/cases`), 401, "sign-in");
    });

    await test("bad members of a ticket are refused and named", async () => {
        const base = { channel: "phone", title: "x" };
        const cases = [
            [{ class: "rude" }, "class"], [{ severity: "S5" }, "severity"], [{ severity: "s1" }, "severity"], [{ channel: "fax" }, "channel"], [{ title: "" }, "title"], [{ title: " " }, "title"],
            [{ title: 1 }, "title"], [{ text: [] }, "text"], [{ contact: [] }, "contact"], [{ contact: "x" }, "contact"], [{ contact: { mail: 1 } }, "mail"],
            [{ contact: { mail: "a\r\nBcc: b@example.org" } }, "mail"], [{ contact: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`m${i}`, "x"])) }, "contact"], [{ consult_id: 7 }, "consult_id"],
        ];
        for (const [more, named] of cases) {
            const problem = refused(await anybody.post("/api/v1/tickets", { ...base, ...more }), 422, "invalid");
            assert.match(problem.detail, new RegExp(named), JSON.stringify(more));
        }
        for (const more of [{ title: "x".repeat(1025) }, { text: "x".repeat(65537) }, { contact: { mail: "x".repeat(1025) } }])
            refused(await anybody.post("/api/v1/tickets", { ...base, ...more }), 413, "too-large");
        refused(await anybody.post("/api/v1/tickets", { ...base, consult_id: "0".repeat(32) }), 404, "not-found");
        answered(await anybody.post("/api/v1/tickets", { ...base, title: "x".repeat(1024), text: "\u{1F600}".repeat(16000), contact: { mail: "x".repeat(1024) } }), 201);
    });
}
