// What the tests of several areas ask for.
import assert from "node:assert/strict";

// A problem of this type: the code, the stable type, a sentence.
export function refused(reply, status, type) {
    assert.equal(reply.status, status, reply.text);
    assert.equal(reply.json.type, `/problems/${type}`);
    assert.equal(reply.json.status, status);
    assert.ok(reply.json.detail.length > 5, "no sentence");
    return reply.json;
}

export function answered(reply, status) {
    assert.equal(reply.status, status, reply.text);
    return reply.json;
}

export const encode = (id) => id.split("/").map(encodeURIComponent).join("/");

// Live counts of a case, as staff sees it.
export async function countsOf(staff, id) {
    return answered(await staff.get(`/api/v1/cases/${encode(id)}`), 200).counts;
}

// A consult with answers; `id` of the consult and of the best answer.
export async function ask(client, text = "wifi keeps dropping") {
    const begun = answered(await client.post("/api/v1/consults", { text }), 201);
    return {
        id: begun.consult_id,
        path: `/api/v1/consults/${begun.consult_id}`,
        answers: begun.answers,
        best: begun.answers[0]?.id,
    };
}

// A ticket that needs no consult; its number and the key of its link.
export async function phoneTicket(client, more = {}) {
    const opened = answered(
        await client.post("/api/v1/tickets", { channel: "phone", title: "No dial tone", ...more }),
        201,
    );
    return {
        ...opened,
        path: `/api/v1/tickets/${opened.n}`,
        key: opened.follow_up_url.split("/").pop(),
    };
}
