// The draft of a case from a ticket.
import assert from "node:assert/strict";
import { answered, phoneTicket, refused } from "./expect.mjs";
import { test } from "./tap.mjs";

export async function run({ anybody, engineer }) {
    let ticket;

    await test("staff gets the draft of a case without the contact's data", async () => {
        ticket = await phoneTicket(anybody, {
            title: "Theremin shows T-4711",
            text: "Clara Rockmore here, clara@example.org, +49 170 1234567.",
            product: "Theremin Two",
            lang: "en",
            contact: { name: "Clara Rockmore", mail: "clara@example.org", phone: "0170 1234567" },
        });
        answered(await engineer.post(`${ticket.path}/replies`, { text: "Dear Clara, ground it." }), 201);
        answered(await engineer.post(`${ticket.path}/replies`, { text: "theremins …", internal: true }), 201);
        const draft = answered(await engineer.get(`${ticket.path}/case-draft`), 200);
        assert.equal(typeof draft.author, "string");
        delete draft.author;
        assert.deepEqual(draft, {
            title: "Theremin shows T-4711",
            lang: "en",
            product: "Theremin Two",
            symptom: "[name] here, [mail], [phone].",
            resolution: "Dear [name], ground it.",
            error_code: ["T-4711"],
            source: `ticket:${ticket.ticket}`,
            state: "wip",
            audience: "internal",
        });
    });

    await test("it can be stored as it is, and then resolves the ticket", async () => {
        const draft = answered(await engineer.get(`${ticket.path}/case-draft`), 200);
        const stored = answered(await engineer.post("/api/v1/cases", draft), 201);
        const linked = await engineer.post(`${ticket.path}/links`, { case: stored.id, role: "resolved_by" });
        assert.equal(answered(linked, 201).links[0].case, stored.id);
        const found = answered(await anybody.get("/api/v1/search?q=theremin"), 200);
        assert.deepEqual(found.hits.filter((hit) => hit.id === stored.id), []);
        refused(await anybody.get(`/api/v1/cases/${stored.id}`), 404, "not-found");
    });

    await test("a customer gets none, with the key of his ticket neither", async () => {
        refused(await anybody.get(`${ticket.path}/case-draft`), 401, "sign-in");
        refused(await anybody.get(`${ticket.path}/case-draft?key=${ticket.key}`), 401, "sign-in");
        refused(await engineer.get("/api/v1/tickets/999999/case-draft"), 404, "not-found");
        refused(await engineer.get("/api/v1/tickets/x/case-draft"), 404, "not-found");
    });
}
