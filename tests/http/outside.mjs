// What others owe: a handoff by staff and by the target's link, a part in portions, what a customer sees.
import assert from "node:assert/strict";
import { answered, phoneTicket, refused } from "./expect.mjs";
import { test } from "./tap.mjs";

export async function run({ anybody, engineer }) {
    const open = (more = {}) => phoneTicket(anybody, { severity: "S2", ...more });
    const move = (path, event, more = {}) => engineer.post(`${path}/steps`, { event, ...more });
    const send = async (path, more = {}) =>
        answered(
            await engineer.post(`${path}/handoffs`, { target: "ipd", kind: "defect", text: "Since 7.2, secret.", ...more }),
            201,
        );
    const request = async (path, more = {}) =>
        answered(await engineer.post(`${path}/parts`, { part: "PSU-650", qty: 2, ...more }), 201);

    await test("staff sends a handoff, enters the answer and confirms it", async () => {
        const { path, n } = await open();
        assert.deepEqual(answered(await engineer.get(`${path}/handoffs`), 200).handoffs, []);
        const { handoff, link, version } = await send(path, { ref: "BUG-1" });
        assert.deepEqual([handoff.no, handoff.state, handoff.side, handoff.ref], [1, "sent", "ipd", "BUG-1"]);
        assert.match(link, /^\/api\/v1\/handoffs\/by-link\/[0-9a-f]{32}$/);
        assert.equal(handoff.title, answered(await engineer.get(path), 200).title);
        assert.equal(answered(await engineer.get(path), 200).version, version);
        answered(await move(path, "take"), 200);
        assert.equal(answered(await move(path, "wait_handoff"), 200).state, "pending_handoff");
        const at = `${path}/handoffs/1`;
        refused(await move(at, "confirm"), 409, "conflict");
        refused(await move(at, "decline"), 422, "invalid");
        const accepted = answered(await move(at, "accept"), 200);
        assert.deepEqual([accepted.state, accepted.handoff.state], ["pending_handoff", "accepted"]);
        const done = answered(await move(at, "answer", { text: "Fixed in 7.3." }), 200);
        assert.deepEqual([done.state, done.handoff.reply], ["in_progress", "Fixed in 7.3."]); // it goes on by itself
        assert.equal(answered(await move(at, "confirm"), 200).handoff.state, "confirmed");
        refused(await move(at, "withdraw", { reason: "late" }), 409, "conflict");
        refused(await anybody.get(link), 404, "not-found");
        const { handoffs } = answered(await engineer.get(`${path}/handoffs`), 200);
        assert.deepEqual(
            handoffs[0].history.map(({ event }) => event),
            ["send", "accept", "answer", "confirm"],
        );
        assert.ok(!("key" in handoffs[0]));
        const events = answered(await engineer.get(path), 200).history.filter(({ handoff }) => handoff === 1);
        assert.deepEqual(events.map(({ event }) => event), ["handoff_send", "handoff_accept", "handoff_answer", "handoff_confirm"]);
        const rows = answered(await engineer.get("/api/v1/handoffs?limit=200"), 200).handoffs;
        assert.ok(!rows.some((row) => row.n === n));
    });

    await test("the target answers by its link, without an account, and sees no more than its question", async () => {
        const { path } = await open({ title: "Kein Netz" });
        const { link } = await send(path, { title: "Does it reboot?" });
        const seen = await anybody.get(link);
        assert.equal(seen.headers["x-robots-tag"], "noindex");
        assert.deepEqual(
            Object.keys(answered(seen, 200)).sort(),
            ["at", "due", "expires", "handoff", "kind", "product", "severity", "state", "target", "text", "ticket", "title"],
        );
        for (const event of ["confirm", "send", "withdraw"])
            refused(await anybody.post(`${link}/steps`, { event, reason: "x" }), 403, "denied");
        const step = (body, headers) => anybody.post(`${link}/steps`, body, headers);
        refused(await step({ event: "answer" }), 422, "invalid");
        refused(await step({ event: "overdue" }), 422, "invalid");
        refused(await step({ event: "decline" }), 422, "invalid");
        refused(await step({}), 422, "invalid");
        refused(await step({ event: "answer", text: "x".repeat(16385) }), 413, "too-large");
        assert.equal(answered(await step({ event: "accept", ref: "BUG-2" }), 200).ref, "BUG-2");
        const answer = { event: "answer", text: "快 Yes." };
        for (let i = 0; i < 2; i++) {
            const now = answered(await step(answer, { "Idempotency-Key": "yes" }), 200);
            assert.deepEqual([now.state, now.reply], ["answered", "快 Yes."]);
        }
        refused(await step(answer), 409, "conflict");
        const { handoffs, notices } = answered(await engineer.get(path), 200);
        assert.deepEqual([handoffs[0].ref, handoffs[0].history.length], ["BUG-2", 3]);
        assert.equal(notices.at(-1).what, "handoff_answer");

        const again = answered(await move(`${path}/handoffs/1`, "send", { reason: "which build?", target: "scm", kind: "quality" }), 200);
        assert.deepEqual([again.handoff.target, again.handoff.state], ["scm", "sent"]);
        assert.notEqual(again.link, link);
        refused(await anybody.get(link), 404, "not-found");
        refused(await step(answer), 404, "not-found");
        const declined = answered(await anybody.post(`${again.link}/steps`, { event: "decline", reason: "not ours" }), 200);
        assert.equal(declined.state, "declined");
        answered(await move(`${path}/handoffs/1`, "withdraw", { reason: "solved" }), 200);
        refused(await anybody.get(again.link), 404, "not-found");
        refused(await anybody.get(`/api/v1/handoffs/by-link/${"0".repeat(32)}`), 404, "not-found");
    });

    await test("a part comes in portions, and the defective ones go back", async () => {
        const { path } = await open();
        const { part, state } = await request(path);
        assert.deepEqual([part.no, part.state, part.stock_point, part.returns, state], [1, "requested", "central", true, "submitted"]);
        const at = `${path}/parts/1`;
        const counts = (reply) => {
            const { part } = answered(reply, 200);
            return [part.state, part.shipped, part.received, part.returned];
        };
        refused(await move(at, "ship", { qty: 3 }), 409, "conflict");
        refused(await move(at, "receive"), 409, "conflict");
        refused(await move(at, "promise", { promise: "2020-01-01" }), 422, "invalid");
        answered(await move(path, "take"), 200);
        answered(await move(path, "wait_parts"), 200);
        assert.deepEqual(counts(await move(at, "ship", { qty: 1, carrier: "SF", tracking: "SF1" })), ["shipped", 1, 0, 0]);
        assert.deepEqual(counts(await move(at, "receive")), ["shipped", 1, 1, 0]);
        assert.deepEqual(counts(await move(at, "ship")), ["shipped", 2, 1, 0]);
        const arrived = answered(await move(at, "receive"), 200);
        assert.deepEqual([arrived.part.state, arrived.state], ["received", "in_progress"]);
        assert.match(arrived.part.return_due, /^\d{4}-/);
        assert.deepEqual(counts(await move(at, "return", { qty: 1 })), ["received", 2, 2, 1]);
        assert.deepEqual(counts(await move(at, "return")), ["returned", 2, 2, 2]);
        refused(await move(at, "cancel", { reason: "x" }), 409, "conflict");
        const { parts } = answered(await engineer.get(`${path}/parts`), 200);
        assert.equal(parts[0].shipments[0].tracking, "SF1");
        assert.deepEqual(
            parts[0].history.map(({ event, qty }) => [event, qty]).slice(1),
            [["ship", 1], ["receive", 1], ["ship", 1], ["receive", 1], ["return", 1], ["return", 1]],
        );
        const kept = answered(await engineer.post(`${path}/parts`, { part: "X", qty: 1, returns: false, from_stock: false }), 201);
        assert.deepEqual([kept.part.no, kept.part.returns, kept.part.from_stock], [2, false, false]);
        answered(await move(`${path}/parts/2`, "cancel", { reason: "not needed" }), 200);
    });

    await test("a repeat under a key is the same request, at another version it is refused", async () => {
        const { path } = await open();
        const body = { target: "ipd", kind: "defect" };
        const once = answered(await engineer.post(`${path}/handoffs`, body, { "Idempotency-Key": `h${path}` }), 201);
        const twice = answered(await engineer.post(`${path}/handoffs`, body, { "Idempotency-Key": `h${path}` }), 201);
        assert.deepEqual([twice.handoff.no, twice.link, twice.version], [1, once.link, once.version]);
        refused(await engineer.post(`${path}/handoffs`, { ...body, text: "other" }, { "Idempotency-Key": `h${path}` }), 409, "conflict");
        const part = { part: "PSU-650", qty: 1 };
        for (let i = 0; i < 2; i++)
            assert.equal(answered(await engineer.post(`${path}/parts`, part, { "Idempotency-Key": `h${path}` }), 201).part.no, 1);
        const { version } = answered(await engineer.get(path), 200);
        const old = { "If-Match": `"${version - 1}"` };
        for (const [call, words] of [
            ["handoffs", body],
            ["handoffs/1/steps", { event: "accept" }],
            ["parts", part],
            ["parts/1/steps", { event: "ship" }],
        ]) {
            const reply = await engineer.post(`${path}/${call}`, words, old);
            assert.equal(refused(reply, 412, "changed").version, version);
            assert.equal(reply.headers.etag, `"${version}"`);
        }
        const reply = await engineer.post(`${path}/parts/1/steps`, { event: "ship" }, { "If-Match": `"${version}"` });
        assert.equal(answered(reply, 200).version, version + 1);
        assert.equal(reply.headers.etag, `"${version + 1}"`);
    });

    await test("what is not there, not said or not possible is refused with a sentence", async () => {
        const { path } = await open();
        for (const call of ["handoffs", "parts"]) {
            refused(await engineer.get(`/api/v1/tickets/999999/${call}`), 404, "not-found");
            refused(await engineer.get(`/api/v1/${call}?state=lost`), 422, "invalid");
            refused(await engineer.get(`/api/v1/${call}?limit=201`), 422, "invalid");
            refused(await engineer.get(`/api/v1/${call}?after=yesterday`), 422, "invalid");
            for (const no of ["9", "x", "0"])
                refused(await move(`${path}/${call}/${no}`, call === "parts" ? "ship" : "accept"), 404, "not-found");
        }
        refused(await engineer.post("/api/v1/tickets/999999/handoffs", { target: "ipd", kind: "defect" }), 404, "not-found");
        refused(await engineer.post("/api/v1/tickets/999999/parts", { part: "A", qty: 1 }), 404, "not-found");
        for (const body of [{}, { target: "moon" }, { target: "ipd" }, { target: "ipd", kind: "party" }, { target: 1 }])
            refused(await engineer.post(`${path}/handoffs`, body), 422, "invalid");
        for (const more of [{ part: "" }, { qty: 0 }, { qty: 10001 }, { qty: "1" }, { stock_point: "moon" }, { returns: "yes" }, { promise: "soon" }])
            refused(await engineer.post(`${path}/parts`, { part: "A", qty: 1, ...more }), 422, "invalid");
        refused(await engineer.post(`${path}/parts`, { part: "A" }), 422, "invalid");
        answered(await move(path, "cancel", { reason: "a mistake" }), 200);
        refused(await engineer.post(`${path}/handoffs`, { target: "ipd", kind: "defect" }), 409, "conflict");
        refused(await engineer.post(`${path}/parts`, { part: "A", qty: 1 }), 409, "conflict");
    });

    await test("what is open is listed over all tickets, a page at a time", async () => {
        const tickets = [await open(), await open(), await open()];
        for (const { path } of tickets) {
            await send(path);
            await request(path);
        }
        for (const [call, filter] of [["handoffs", "target=ipd"], ["parts", "stock_point=central"]]) {
            const seen = [];
            let after = "";
            do {
                const page = answered(await engineer.get(`/api/v1/${call}?${filter}&state=awaited&limit=2${after && `&after=${after}`}`), 200);
                assert.ok(page[call].length <= 2);
                seen.push(...page[call].map(({ n }) => n));
                after = page.after;
            } while (after);
            for (const { n } of tickets) assert.equal(seen.filter((one) => one === n).length, 1);
        }
        assert.ok(!answered(await engineer.get("/api/v1/handoffs?target=scm&limit=200"), 200).handoffs.some(({ n }) => n === tickets[0].n));
    });

    await test("a customer's link shows that others are asked and where his part is, not who, what or why", async () => {
        const { path, key } = await open();
        await send(path, { title: "our secret" });
        await request(path, { name: "Power supply" });
        answered(await move(`${path}/parts/1`, "ship", { qty: 1, carrier: "SF", tracking: "SF9" }), 200);
        const his = answered(await anybody.get(`${path}?key=${key}`), 200);
        assert.deepEqual(Object.keys(his.handoffs[0]).sort(), ["at", "no", "state"]);
        assert.equal(his.handoffs[0].state, "waiting");
        assert.deepEqual([his.parts[0].shipped, his.parts[0].shipments[0].tracking], [1, "SF9"]);
        assert.doesNotMatch(JSON.stringify(his), /secret|ipd|defect|central|"by"|handoff_|notices/);
        answered(await move(`${path}/handoffs/1`, "answer", { text: "a secret answer" }), 200);
        const later = answered(await anybody.get(`${path}?key=${key}`), 200);
        assert.equal(later.handoffs[0].state, "answered");
        assert.doesNotMatch(JSON.stringify(later), /secret/);
        for (const call of ["handoffs", "parts"]) {
            refused(await anybody.get(`${path}/${call}?key=${key}`), 401, "sign-in");
            refused(await anybody.post(`${path}/${call}?key=${key}`, {}), 401, "sign-in");
        }
    });
}
