// Tickets like a ticket, what is proposed for one, and finding tickets by their words.
import assert from "node:assert/strict";
import { answered, phoneTicket, refused } from "./expect.mjs";
import { test } from "./tap.mjs";

const words = { title: "Gramophone skips at the chorus", product: "Gramophone Nine" };

export async function run({ anybody, engineer }) {
    let first, second;

    await test("a ticket is found by its words as soon as it is opened", async () => {
        first = await phoneTicket(anybody, { ...words, contact: { mail: "edison@example.org" } });
        second = await phoneTicket(anybody, { ...words, text: "Every evening." });
        for (const q of ["gramophone chorus", "edison@example.org", first.ticket]) {
            const list = answered(await engineer.get(`/api/v1/tickets?q=${encodeURIComponent(q)}`), 200);
            assert.equal(list.tickets[0].n, q.startsWith("gram") ? list.tickets[0].n : first.n);
            assert.ok(list.tickets[0].score > 0);
        }
        answered(await engineer.post(`${second.path}/replies`, { text: "xylophonic", internal: true }), 201);
        const list = answered(await engineer.get("/api/v1/tickets?q=xylophonic&state=open"), 200);
        assert.deepEqual(list.tickets.map((t) => t.n), [second.n]);
        assert.deepEqual(
            answered(await engineer.get("/api/v1/tickets?q=xylophonic&state=closed"), 200).tickets,
            [],
        );
        refused(await anybody.get("/api/v1/tickets?q=gramophone"), 401, "sign-in");
        refused(await anybody.get("/api/v1/tickets?q=gramophone", { "X-Follow-Up-Key": first.key }), 401, "sign-in");
    });

    await test("similar tickets are told before one is saved, and beside one, to staff alone", async () => {
        const found = answered(
            await engineer.post("/api/v1/tickets/similar", {
                ...words,
                contact: { mail: "Edison@example.org", phone: "" },
            }),
            200,
        );
        assert.deepEqual(found.own.map((t) => t.n), [first.n]);
        assert.deepEqual(found.others.map((t) => t.n), [second.n]);
        assert.deepEqual(found.own[0].same, ["customer", "product"]);
        assert.equal(found.others_7_days, 1);
        const beside = answered(await engineer.get(`${first.path}/similar?limit=1`), 200);
        assert.deepEqual(beside.others.map((t) => t.n), [second.n]);
        refused(await anybody.post("/api/v1/tickets/similar", words), 401, "sign-in");
        refused(await anybody.get(`${first.path}/similar?key=${first.key}`), 401, "sign-in");
        refused(await engineer.get("/api/v1/tickets/999999/similar"), 404, "not-found");
        refused(await engineer.get(`${first.path}/similar?limit=51`), 422, "invalid");
        refused(await engineer.post("/api/v1/tickets/similar", { title: 1 }), 422, "invalid");
        refused(await engineer.post("/api/v1/tickets/similar", { contact: "x" }), 422, "invalid");
        refused(await engineer.post("/api/v1/tickets/similar", { title: "x".repeat(1025) }), 413, "too-large");
    });

    await test("solved tickets vote for what is proposed; a customer is not told which", async () => {
        answered(await engineer.post(`${second.path}/steps`, { event: "take" }), 200);
        answered(await engineer.post(`${second.path}/replies`, { text: "Lift the needle." }), 201);
        answered(await engineer.post(`${second.path}/steps`, { event: "resolve" }), 200);
        const beside = answered(await engineer.get(`${first.path}/similar`), 200);
        assert.deepEqual(beside.solved.map((t) => t.n), [second.n]);
        assert.equal(beside.solved[0].resolved.reply, "Lift the needle.");
        const proposed = answered(await engineer.post("/api/v1/tickets/proposals", { title: words.title }), 200);
        assert.equal(proposed.product.value, words.product);
        assert.equal(proposed.product.from[0].ticket, String(second.n));
        assert.equal(proposed.severity.value, "S3");
        const told = answered(await anybody.post("/api/v1/tickets/proposals", { title: words.title }), 200);
        assert.equal(told.severity.value, "S3");
        assert.deepEqual(told.severity.from, []);
        refused(await anybody.post("/api/v1/tickets/proposals", {}), 422, "invalid");
        refused(await anybody.post("/api/v1/tickets/proposals", { title: " ", product: "x" }), 422, "invalid");
    });

    await test("what was proposed is counted", async () => {
        const before = answered(await engineer.get("/api/v1/tickets/proposals"), 200);
        const kept = await phoneTicket(anybody, { ...words, proposals: { product: words.product, severity: "S2" } });
        const ticket = answered(await engineer.get(kept.path), 200);
        assert.deepEqual(ticket.proposals, {
            product: { value: words.product, given: words.product },
            severity: { value: "S2", given: "S3" },
        });
        const seen = answered(await anybody.get(`${kept.path}?key=${kept.key}`), 200);
        assert.equal(seen.proposals, undefined);
        const after = answered(await engineer.get("/api/v1/tickets/proposals?days=1"), 200);
        assert.equal(after.product.kept, before.product.kept + 1);
        assert.equal(after.severity.proposed, before.severity.proposed + 1);
        assert.equal(after.severity.kept, before.severity.kept);
        refused(await anybody.get("/api/v1/tickets/proposals"), 401, "sign-in");
        refused(await engineer.get("/api/v1/tickets/proposals?days=0"), 422, "invalid");
        for (const proposals of [1, [], { title: "x" }, { severity: 2 }])
            refused(
                await anybody.post("/api/v1/tickets", { ...words, channel: "phone", proposals }),
                422,
                "invalid",
            );
    });
}
