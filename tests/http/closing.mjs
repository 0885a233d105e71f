// The end of a ticket: confirmation, late words, the survey by its link, visits.
import assert from "node:assert/strict";
import { answered, phoneTicket, refused } from "./expect.mjs";
import { test } from "./tap.mjs";

export async function run({ anybody, engineer, admin }) {
    const step = (path, event, more = {}) => engineer.post(`${path}/steps`, { event, ...more });
    const resolved = async (more = {}, end = { nothing_to_record: true, reason: "a loose plug" }) => {
        const ticket = await phoneTicket(anybody, more);
        answered(await step(ticket.path, "take"), 200);
        answered(await step(ticket.path, "resolve", end), 200);
        return ticket;
    };
    const closed = async (more = {}) => {
        const ticket = await resolved(more);
        answered(await step(ticket.path, "close"), 200);
        return ticket;
    };
    const survey = async ({ path }) =>
        `/api/v1/surveys/${answered(await engineer.get(`${path}/survey`), 200).survey_url.split("/").pop()}`;

    await test("the customer confirms by his link, once", async () => {
        const { path, key } = await resolved();
        const before = answered(await anybody.get(`${path}?key=${key}`), 200);
        assert.match(before.confirm_by, /^\d{4}-/);
        refused(await anybody.post(`${path}/confirmation`, {}), 401, "sign-in");
        const now = answered(await anybody.post(`${path}/confirmation?key=${key}`, {}), 200);
        assert.equal(now.state, "closed");
        assert.equal(now.closed.how, "customer");
        assert.doesNotMatch(JSON.stringify(now), /loose plug|key_hash|"by"|visits/);
        refused(await anybody.post(`${path}/confirmation?key=${key}`, {}), 409, "conflict");
    });

    await test("a confirmed ticket without case or statement is held for the engineer", async () => {
        const { path, key } = await resolved({}, {});
        const now = answered(await anybody.post(`${path}/confirmation?key=${key}`, {}), 200);
        assert.equal(now.state, "resolved");
        assert.equal(now.held, undefined);
        assert.match(answered(await engineer.get(path), 200).held.why, /case that resolved it/);
        const done = answered(await step(path, "close", { reason: "known" }), 200);
        assert.equal(done.nothing_to_record.reason, "known");
        assert.ok(done.confirmed.at);
    });

    await test("a statement has words and its place", async () => {
        const { path } = await phoneTicket(anybody);
        const said = { nothing_to_record: true };
        refused(await step(path, "take", { ...said, reason: "x" }), 422, "invalid");
        answered(await step(path, "take"), 200);
        refused(await step(path, "resolve", said), 422, "invalid");
        refused(await step(path, "resolve", { reason: "x", nothing_to_record: "yes" }), 422, "invalid");
    });

    await test("a customer's word reopens a closed ticket, and later opens one that follows", async () => {
        const { path, key, n } = await closed();
        const again = answered(await anybody.post(`${path}/replies?key=${key}`, { text: "again" }), 201);
        assert.equal(again.state, "in_progress");
        answered(await step(path, "cancel", { reason: "he called" }), 200);
        const late = await anybody.post(`${path}/replies?key=${key}`, { text: "and again" });
        const { ticket, follows, follow_up_url } = answered(late, 201);
        assert.equal(follows, n);
        const other = answered(await engineer.get(late.headers.location), 200);
        assert.equal(other.ticket, ticket);
        assert.equal(other.exempt, "follows");
        const his = `${late.headers.location}?key=${follow_up_url.split("/").pop()}`;
        assert.equal(answered(await anybody.get(his), 200).text, "and again");
        const more = answered(await anybody.post(`${path}/replies?key=${key}`, { text: "hello?" }), 201);
        assert.equal(more.follow_up_url, follow_up_url);
        // nobody makes one up: the answer step is passed by what a ticket was, not by a word
        refused(await anybody.post("/api/v1/tickets", { title: "x", follows: n }), 409, "conflict");
    });

    await test("the survey works without signing in, once", async () => {
        const ticket = await closed({ severity: "S4" });
        refused(await anybody.get(`${ticket.path}/survey`), 401, "sign-in");
        const path = await survey(ticket);
        const open = await anybody.get(path);
        assert.equal(answered(open, 200).state, "open");
        assert.equal(open.headers["x-robots-tag"], "noindex");
        assert.deepEqual(Object.keys(open.json).sort(), ["ask", "expires", "lang", "state", "ticket", "title"]);
        for (const body of [{}, { score: 0 }, { score: 6 }, { score: "5" }, { score: 4.5 }, { score: 5, text: 1 }])
            refused(await anybody.post(path, body), 422, "invalid");
        refused(await anybody.post(path, { score: 5, text: "x".repeat(4001) }), 413, "too-large");
        const answer = { score: 4, text: "快 ✓" };
        assert.equal(answered(await anybody.post(path, answer, { "Idempotency-Key": "one" }), 200).score, 4);
        assert.equal(answered(await anybody.post(path, answer, { "Idempotency-Key": "one" }), 200).score, 4);
        assert.match(refused(await anybody.post(path, { score: 5 }), 409, "conflict").detail, /thank you/);
        const { survey: stored } = answered(await engineer.get(ticket.path), 200);
        assert.deepEqual([stored.score, stored.text, stored.by, stored.via], [4, "快 ✓", "customer", "link"]);
        for (const key of ["0".repeat(32), "x"]) {
            const reply = await anybody.get(`/api/v1/surveys/${key}`);
            refused(reply, 404, "not-found");
        }
    });

    await test("a ticket that is not closed has no survey, and an agent may enter one", async () => {
        const open = await resolved();
        refused(await engineer.get(`${open.path}/survey`), 404, "not-found");
        refused(await engineer.post(`${open.path}/survey`, { score: 5 }), 404, "not-found");
        const ticket = await closed();
        refused(await anybody.post(`${ticket.path}/survey?key=${ticket.key}`, { score: 5 }), 401, "sign-in");
        const told = answered(await engineer.post(`${ticket.path}/survey`, { score: 5, text: "kind" }), 200);
        assert.equal(told.survey.via, "agent");
        refused(await anybody.post(await survey(ticket), { score: 1 }), 409, "conflict");
    });

    await test("visits are listed until they are done or waived", async () => {
        const tickets = [await closed({ severity: "S2" }), await closed({ severity: "S2" }), await closed({ severity: "S2" })];
        const seen = [];
        let after = "";
        do {
            const page = answered(await engineer.get(`/api/v1/visits?limit=2${after && `&after=${after}`}`), 200);
            seen.push(...page.visits.map(({ n }) => n));
            after = page.after;
        } while (after);
        for (const { n } of tickets) assert.equal(seen.filter((one) => one === n).length, 1);
        const [one, two, three] = tickets.map(({ path }) => `${path}/visits/1`);
        const done = answered(await engineer.post(`${one}/report`, { result: "solved", score: 5, text: "well" }), 200);
        assert.equal(done.visits[0].state, "done");
        refused(await engineer.post(`${one}/report`, { result: "solved" }), 409, "conflict");
        const tried = answered(await engineer.post(`${two}/report`, { result: "not_reached" }), 200);
        assert.deepEqual([tried.visits[0].state, tried.visits[0].tries], ["due", 1]);
        refused(await engineer.post(`${two}/waiver`, { reason: "gone" }), 403, "denied");
        assert.equal(answered(await admin.post(`${two}/waiver`, { reason: "gone" }), 200).visits[0].state, "waived");
        refused(await engineer.post(`${three}/report`, { result: "maybe" }), 422, "invalid");
        refused(await engineer.post(`${three}/report`, {}), 422, "invalid");
        refused(await engineer.post(`${tickets[2].path}/visits/9/report`, { result: "solved" }), 404, "not-found");
        refused(await engineer.post(`${tickets[2].path}/visits/x/report`, { result: "solved" }), 404, "not-found");
        refused(await engineer.get("/api/v1/visits?after=yesterday"), 422, "invalid");
        refused(await engineer.get("/api/v1/visits?limit=201"), 422, "invalid");
        assert.ok(!answered(await engineer.get("/api/v1/visits?group=desk&limit=200"), 200).visits.some(({ n }) => n === tickets[0].n));
    });

    await test("a bad score sends somebody to ask", async () => {
        const ticket = await closed({ severity: "S2" });
        answered(await anybody.post(await survey(ticket), { score: 1, text: "rude" }), 200);
        const [visit] = answered(await engineer.get(ticket.path), 200).visits;
        assert.deepEqual([visit.why, visit.also, visit.state], ["severity", "score", "due"]);
    });
}
