// A ticket and another one: merging, and what its reporter goes on with.
import assert from "node:assert/strict";
import { answered, phoneTicket, refused } from "./expect.mjs";
import { test } from "./tap.mjs";

export async function run({ anybody, engineer, admin }) {
    await test("a merged ticket's reporter goes on by his link, and staff reads both", async () => {
        const mine = await phoneTicket(anybody, { contact: { mail: "a@example.org" } });
        const other = await phoneTicket(anybody, { contact: { mail: "b@example.org" } });
        const merged = answered(
            await engineer.post(`${mine.path}/merge`, { into: other.ticket, reason: "one outage" }),
            200,
        );
        assert.equal(merged.state, "merged");
        assert.equal(merged.merged_into, other.n);
        answered(await anybody.post(`${mine.path}/replies?key=${mine.key}`, { text: "Still" }), 201);
        answered(await engineer.post(`${other.path}/replies`, { text: "We are at it." }), 201);
        const survivor = answered(await engineer.get(other.path), 200);
        assert.deepEqual(survivor.merged, [mine.n]);
        assert.deepEqual(
            survivor.posts.map((p) => [p.text, p.ticket, p.via]),
            [
                ["No dial tone", mine.n, undefined],
                ["Still", undefined, mine.n],
                ["We are at it.", undefined, undefined],
            ],
        );
        const seen = answered(await anybody.get(`${mine.path}?key=${mine.key}`), 200);
        assert.deepEqual(
            seen.posts.map((p) => p.text),
            ["Still", "We are at it."],
        );
        assert.equal(seen.state, "submitted");
        assert.equal(seen.n, mine.n);
        // What one reporter wrote is not the other's to read.
        const others = await anybody.get(`${other.path}?key=${other.key}`);
        assert.doesNotMatch(others.text, /Still|merged|a@example/);
        refused(
            await anybody.post(`${other.path}/merge?key=${other.key}`, { into: mine.n }),
            401,
            "sign-in",
        );
    });

    await test("bad merges are refused, and taking one back is for supervisors", async () => {
        const [a, b] = [await phoneTicket(anybody), await phoneTicket(anybody)];
        for (const into of [0, -1, 1.5, "x", null, [], undefined])
            refused(await engineer.post(`${a.path}/merge`, { into }), 422, "invalid");
        refused(await engineer.post(`${a.path}/merge`, { into: 999999 }), 404, "not-found");
        refused(await engineer.post(`${a.path}/merge`, { into: a.n }), 409, "conflict");
        refused(await engineer.post(`${a.path}/steps`, { event: "merge", reason: "x" }), 422, "invalid");
        const shown = (await engineer.get(a.path)).headers.etag;
        answered(await engineer.post(`${a.path}/replies`, { text: "x" }), 201);
        refused(
            await engineer.post(`${a.path}/merge`, { into: b.n }, { "If-Match": shown }),
            412,
            "changed",
        );
        answered(await engineer.post(`${a.path}/merge`, { into: b.n }), 200);
        refused(await engineer.post(`${b.path}/merge`, { into: a.n }), 409, "conflict");
        refused(await engineer.post(`${a.path}/unmerge`, { reason: "no" }), 403, "denied");
        refused(await admin.post(`${a.path}/unmerge`, { reason: "" }), 422, "invalid");
        const back = answered(await admin.post(`${a.path}/unmerge`, { reason: "no" }), 200);
        assert.equal(back.state, "submitted");
        assert.equal(back.merged_into, undefined);
    });

    await test("posts become a ticket of their own, with a link and without what is internal", async () => {
        const old = await phoneTicket(anybody, { contact: { mail: "a@example.org" } });
        const split = (body, headers) => engineer.post(`${old.path}/split`, body, headers);
        answered(await anybody.post(`${old.path}/replies?key=${old.key}`, { text: "It rings twice" }), 201);
        answered(await engineer.post(`${old.path}/replies`, { text: "Old bug", internal: true }), 201);
        const wanted = { posts: [2, 1], title: "Ringing", severity: "S4", reason: "another question" };
        const headers = { "Idempotency-Key": "split-once" };
        const opened = answered(await split(wanted, headers), 201);
        assert.equal(opened.split_from, old.n);
        assert.deepEqual(answered(await split(wanted, headers), 201), opened);
        const path = `/api/v1/tickets/${opened.n}`;
        const shown = answered(await engineer.get(path), 200);
        assert.match(shown.text, /, customer\]\nIt rings twice$/);
        assert.deepEqual([shown.exempt, shown.severity, shown.title], ["split", "S4", "Ringing"]);
        assert.deepEqual(
            shown.posts.map((p) => [p.text, p.internal]),
            [["Old bug", true]],
        );
        assert.deepEqual(
            shown.relations.map((r) => [r.kind, r.ticket]),
            [["split_from", old.n]],
        );
        const key = opened.follow_up_url.split("/").pop();
        const seen = await anybody.get(`${path}?key=${key}`);
        assert.equal(seen.status, 200);
        assert.doesNotMatch(seen.text, /Old bug|split_from/);
        const left = await anybody.get(`${old.path}?key=${old.key}`);
        assert.doesNotMatch(left.text, /split|Ringing/);
        for (const posts of [undefined, null, 1, "1", [], [3], [-1], [1.5], ["1"], [1, 1]])
            refused(await split({ posts, title: "x" }), 422, "invalid");
        for (const title of [undefined, null, "", 1])
            refused(await split({ posts: [1], title }), 422, "invalid");
        refused(await split({ posts: [1], title: "x", severity: "S9" }), 422, "invalid");
        refused(await split({ posts: [1], title: "x" }, { "If-Match": '"1"' }), 412, "changed");
        refused(
            await anybody.post(`${old.path}/split?key=${old.key}`, { posts: [1], title: "x" }),
            401,
            "sign-in",
        );
        refused(await engineer.post("/api/v1/tickets/999999/split", wanted), 404, "not-found");
    });

    await test("relations stand at both, and bad ones are refused", async () => {
        const tickets = [];
        for (let i = 0; i < 3; i++) tickets.push(await phoneTicket(anybody));
        const [a, b, c] = tickets;
        const relate = (from, kind, ticket) =>
            engineer.post(`${from.path}/relations`, { kind, ticket, reason: "one outage" });
        const related = answered(await relate(a, "parent", b.n), 201);
        assert.deepEqual(
            related.relations.map((r) => [r.kind, r.ticket, r.reason]),
            [["parent", b.n, "one outage"]],
        );
        refused(await relate(b, "parent", a.n), 409, "conflict");
        refused(await relate(a, "parent", c.n), 409, "conflict");
        refused(await relate(a, "parent", a.n), 422, "invalid");
        refused(await relate(a, "uncle", c.n), 422, "invalid");
        refused(await relate(a, "related", 999999), 404, "not-found");
        refused(await relate({ path: "/api/v1/tickets/999999" }, "related", a.n), 404, "not-found");
        answered(await relate(b, "related", c.ticket), 201);
        const page = answered(await engineer.get(`${b.path}/relations?limit=1`), 200);
        assert.equal(page.relations[0].name, a.ticket);
        const rest = answered(await engineer.get(`${b.path}/relations?after=${page.after}`), 200);
        assert.deepEqual(
            rest.relations.map((r) => [r.kind, r.ticket]),
            [["related", c.n]],
        );
        refused(await engineer.get(`${b.path}/relations?after=x`), 422, "invalid");
        refused(await anybody.get(`${b.path}/relations?key=${b.key}`), 401, "sign-in");
        assert.doesNotMatch((await anybody.get(`${a.path}?key=${a.key}`)).text, /relat|parent|outage/);
        const removal = { kind: "child", ticket: a.n };
        answered(await engineer.post(`${b.path}/unrelate`, removal), 200);
        refused(await engineer.post(`${b.path}/unrelate`, removal), 404, "not-found");
    });

    await test("the server tells the children of a parent that is resolved", async () => {
        const parent = await phoneTicket(anybody);
        const child = await phoneTicket(anybody, { lang: "ja" });
        answered(
            await engineer.post(`${child.path}/relations`, { kind: "duplicate_of", ticket: parent.n }),
            201,
        );
        answered(await engineer.post(`${parent.path}/steps`, { event: "take" }), 200);
        refused(
            await engineer.post(`${parent.path}/steps`, { event: "resume", children: {} }),
            422,
            "invalid",
        );
        for (const children of ["x", 1, [], { with: "yes" }, { text: 7 }])
            refused(
                await engineer.post(`${parent.path}/steps`, { event: "resolve", children }),
                422,
                "invalid",
            );
        answered(
            await engineer.post(`${parent.path}/steps`, {
                event: "resolve",
                children: { text: "It was the cable.", with: true },
            }),
            200,
        );
        let told;
        for (let i = 0; i < 200; i++) {
            told = answered(await engineer.get(child.path), 200);
            if (told.state === "resolved") break;
            await new Promise((done) => setTimeout(done, 50));
        }
        assert.equal(told.state, "resolved");
        assert.deepEqual(
            told.posts.map((p) => [p.text, p.parent]),
            [["It was the cable.", parent.n]],
        );
        const seen = answered(await anybody.get(`${child.path}?key=${child.key}`), 200);
        assert.equal(seen.posts[0].parent, undefined);
    });

    await test("who watches a ticket has it on a list, and whom a post names watches", async () => {
        const { path, key, n } = await phoneTicket(anybody);
        const watched = answered(await engineer.post(`${path}/watch`, { name: "admin" }), 200);
        assert.deepEqual(watched.watchers, ["admin"]);
        refused(await engineer.post(`${path}/watch`, { name: "admin" }), 409, "conflict");
        refused(await engineer.post(`${path}/watch`, { name: "nobody" }), 404, "not-found");
        refused(await engineer.post(`${path}/watch`, {}), 404, "not-found"); // a token has no account
        refused(await anybody.post(`${path}/watch?key=${key}`, { name: "admin" }), 401, "sign-in");
        const list = async () =>
            answered(await engineer.get("/api/v1/tickets?watcher=admin"), 200).tickets.map((t) => t.n);
        assert.ok((await list()).includes(n));
        assert.doesNotMatch((await anybody.get(`${path}?key=${key}`)).text, /watch/);
        assert.equal(
            answered(await engineer.post(`${path}/unwatch`, { name: "admin" }), 200).watchers,
            undefined,
        );
        assert.ok(!(await list()).includes(n));
        const called = answered(
            await engineer.post(`${path}/replies`, { text: "@admin: yours?", internal: true }),
            201,
        );
        assert.deepEqual(called.watchers, ["admin"]);
        assert.equal(called.notices[0].what, "mentioned");
    });
}
