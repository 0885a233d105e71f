// Whose work a ticket is: given, taken, sent on, up a ring and back; management; an emergency.
import assert from "node:assert/strict";
import { answered, phoneTicket, refused } from "./expect.mjs";
import { test } from "./tap.mjs";

const groups = {
    groups: [
        {
            id: "desk", name: "Desk", ring: 1, calendar: "24x7", lead: "lin.wei", ola: { S3: 60 }, warn_percent: 50,
            steps: [{ when: "breached", do: "notify", to: "lead" }],
            people: [{ name: "ann" }, { name: "bo" }],
        },
        { id: "net", name: "Network", ring: 2, calendar: "24x7" },
        { id: "experts", name: "Experts", ring: 2, calendar: "24x7" },
        { id: "rd", name: "R&D", ring: 3, calendar: "24x7" },
    ],
};

export async function run({ anybody, engineer, admin }) {
    const path = "/api/v1/rules/groups";
    const before = answered(await admin.get(path), 200).doc;
    answered(await admin.put(path, groups, { "If-Match": "*" }), 200);
    const open = async (more) => (await phoneTicket(anybody, more)).path;
    const post = (at, call, body) => engineer.post(`${at}/${call}`, body);
    const transfer = (at, group) =>
        post(at, "transfer", { group, reason: "not ours", ruled_out: "cables" });

    await test("a ticket is a task of its group, with a clock and what happens when it runs out", async () => {
        const ticket = answered(await engineer.get(await open()), 200);
        assert.deepEqual(
            ticket.tasks.map(({ no, group, ring, state }) => [no, group, ring, state]),
            [[1, "desk", 1, "offered"]],
        );
        assert.ok(ticket.clocks.some(({ kind }) => kind === "ola:1"));
        assert.deepEqual(
            ticket.steps.map(({ clock, when, state }) => [clock, when, state]),
            [["ola:1", "breached", "waiting"]],
        );
    });

    await test("it is given to one of the group, by name or by choice", async () => {
        const at = await open();
        refused(await post(at, "assign", { person: "mori" }), 422, "invalid");
        refused(await post(at, "assign", {}), 422, "invalid");
        refused(await post(at, "assign", { person: "ann", pick: "rotation" }), 422, "invalid");
        refused(await post(at, "assign", { pick: "dice" }), 422, "invalid");
        const chosen = answered(await post(at, "assign", { pick: "rotation" }), 200).person;
        assert.ok(["ann", "bo"].includes(chosen));
        const other = answered(await post(await open(), "assign", { pick: "rotation" }), 200).person;
        assert.notEqual(other, chosen);
        refused(await post(at, "assign", { person: chosen }), 409, "conflict");
        const released = answered(await post(at, "assign", { person: "" }), 200);
        assert.equal(released.person, undefined);
        refused(await post(at, "take", {}), 422, "invalid"); // a program is not one of them
    });

    await test("a transfer says why; the third goes to the triage lead, and that is told", async () => {
        const at = await open();
        refused(await post(at, "transfer", { group: "net", reason: "x" }), 422, "invalid");
        refused(await transfer(at, "moon"), 422, "invalid");
        refused(await transfer(at, "desk"), 409, "conflict");
        assert.equal(answered(await transfer(at, "net"), 200).told, undefined);
        answered(await transfer(at, "experts"), 200);
        const { told, tasks, group, person } = answered(await transfer(at, "rd"), 200);
        assert.match(told, /triage lead/);
        assert.deepEqual([group, person], ["desk", "lin.wei"]);
        assert.equal(tasks.at(-1).wanted, "rd");
        refused(await transfer(at, "net"), 403, "denied");
        answered(await admin.post(`${at}/transfer`, { group: "net", reason: "a", ruled_out: "b" }), 200);
    });

    await test("up the rings and back with a result", async () => {
        const at = await open();
        const up = (more) => post(at, "escalate", { kind: "functional", reason: "deeper", ...more });
        refused(await post(at, "escalate", { kind: "sideways" }), 422, "invalid");
        refused(await post(at, "result", { result: "x" }), 409, "conflict");
        assert.equal(answered(await up({ group: "experts" }), 200).group, "experts");
        refused(await up({}), 422, "invalid"); // R&D asks how mature the product is
        const { tasks } = answered(await up({ maturity: "new", grey: true, grey_reason: "known" }), 200);
        assert.deepEqual(
            [tasks.at(-1).group, tasks.at(-1).maturity, tasks.at(-1).grey],
            ["rd", "new", true],
        );
        assert.equal(answered(await post(at, "result", { result: "a bug" }), 200).group, "experts");
        assert.equal(answered(await post(at, "result", { result: "update" }), 200).group, "desk");
    });

    await test("management is told and answers", async () => {
        const at = await open();
        const manage = (more) =>
            post(at, "escalate", { kind: "management", about: "progress", why: "slow", ...more });
        refused(await manage({ to: "nobody at all" }), 422, "invalid");
        const { escalations, notices } = answered(await manage({}), 200);
        assert.deepEqual([escalations[0].to, escalations[0].state], ["lin.wei", "open"]);
        assert.equal(notices.at(-1).what, "escalated");
        const answer = { escalation: 1, answer: "two more people" };
        assert.equal(
            answered(await post(at, "answer", answer), 200).escalations[0].state,
            "answered",
        );
        refused(await post(at, "answer", answer), 409, "conflict");
        refused(await post(at, "answer", { escalation: 7, answer: "x" }), 404, "not-found");
        refused(await post(at, "answer", { answer: "x" }), 422, "invalid");
    });

    await test("an S1 is told in stages, restored before resolved, explained before closed", async () => {
        const { path: at, key } = await phoneTicket(anybody, { severity: "S1" });
        const step = (event) => engineer.post(`${at}/steps`, { event, reason: "a reason" });
        const { emergency } = answered(await admin.post(`${at}/steps`, { event: "accept" }), 200);
        assert.equal(emergency.notices[0].stage, "first");
        const tell = (stage, more) => post(at, "notice", { stage, text: "so it is", ...more });
        answered(await tell("progress"), 200);
        refused(await tell("restored"), 409, "conflict");
        refused(await tell("party"), 422, "invalid");
        const shown = answered(await tell("progress", { public: true, text: "half of it" }), 200);
        assert.equal(shown.emergency.notices.length, 3);
        const seen = answered(await anybody.get(`${at}?key=${key}`), 200);
        assert.deepEqual(
            seen.emergency.notices.map(({ text }) => text),
            ["half of it"],
        );
        for (const event of ["triage", "dispatch"]) answered(await step(event), 200);
        answered(await admin.put(path, before, { "If-Match": "*" }), 200); // anybody may take it
        answered(await step("start"), 200);
        refused(await step("resolve"), 409, "conflict");
        answered(await step("restore"), 200);
        answered(await step("resolve"), 200);
        refused(await step("close"), 409, "conflict");
        answered(await tell("root_cause"), 200);
    });

    await test("customers change none of it", async () => {
        const { path: at, key } = await phoneTicket(anybody);
        for (const call of ["assign", "take", "transfer", "result", "escalate", "answer", "notice"])
            refused(await anybody.post(`${at}/${call}?key=${key}`, {}), 401, "sign-in");
    });

    answered(await admin.put(path, before, { "If-Match": "*" }), 200);
}
