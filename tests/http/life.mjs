// A second server, a restart, and what is still there afterwards.
import assert from "node:assert/strict";
import { answered, ask, phoneTicket, refused } from "./expect.mjs";
import { Client } from "./client.mjs";
import { Server, command } from "./server.mjs";
import { test } from "./tap.mjs";

export async function run(t) {
    await test("a second server on the same data is refused with a sentence and exit code 1", async () => {
        await assert.rejects(Server.start(t.data), (error) => {
            assert.match(
                error.message,
                /ended with 1: askfirst: another askfirst serves .*: stop it, or choose another --data/,
            );
            return true;
        });
        answered(await t.anybody.get("/healthz"), 200);
    });

    await test("an address that is taken is refused with a sentence and exit code 1", () => {
        const other = `${t.data}.other`;
        const run = command(other, "serve", "--listen", `${t.server.host}:${t.server.port}`);
        assert.equal(run.status, 1, run.stderr);
        assert.match(run.stderr, new RegExp(`${t.server.port}`));
        command(other, "stats"); // it is a store all the same
    });

    await test("commands work beside the server, and it sees what they write", async () => {
        const before = answered(await t.anybody.get("/api/v1/search?q=flumbergast"), 200).total;
        const run = command(t.data, "search", "--json", "wifi keeps dropping");
        assert.equal(run.status, 0, run.stderr);
        assert.equal(JSON.parse(run.stdout).hits[0].id, "NH-0018");
        assert.equal(before, 0);
    });

    await test("the same members come from search --json and from the API", async () => {
        const cli = JSON.parse(
            command(t.data, "search", "--json", "--limit", "5", "路由器 红灯").stdout,
        );
        const api = answered(
            await t.engineer.get(`/api/v1/search?limit=5&q=${encodeURIComponent("路由器 红灯")}`),
            200,
        );
        assert.deepEqual(Object.keys(cli).sort(), Object.keys(api).sort());
        assert.deepEqual(Object.keys(cli.hits[0]).sort(), Object.keys(api.hits[0]).sort());
    });

    await test("after a restart everything is there, and sessions are not", async () => {
        const consult = await ask(t.anybody);
        answered(
            await t.anybody.post(`${consult.path}/outcome`, {
                solved: true,
                case: consult.best,
                rating: 3,
            }),
            200,
        );
        const ticket = await phoneTicket(t.anybody, { title: "Before the restart" });
        answered(await t.engineer.post(`${ticket.path}/replies`, { text: "Seen" }), 201);
        const made = answered(
            await t.author.post(
                "/api/v1/cases",
                { title: "Radiator flumbergast knocks", lang: "en" },
                { "Idempotency-Key": "life-1" },
            ),
            201,
        );
        const paths = [
            consult.path,
            ticket.path,
            `${ticket.path}?key=${ticket.key}`,
            `/api/v1/cases/${made.id}`,
            `/api/v1/cases/${consult.best}`,
            "/api/v1/tickets?limit=200",
        ];
        const read = async () =>
            Promise.all(paths.map(async (path) => answered(await t.engineer.get(path), 200)));
        const before = await read();
        t.anybody.close();
        assert.equal(await t.server.stop(), 0, t.server.stderr);
        t.server = await Server.start(t.data);
        assert.doesNotMatch(t.server.stderr, /password/); // the first account is made once
        const headers = [t.engineer.headers, t.author.headers];
        t.anybody = new Client(t.server);
        [t.engineer, t.author] = headers.map((h) => t.anybody.as(h));
        assert.deepEqual(await read(), before);
        assert.equal(
            answered(await t.anybody.get("/api/v1/search?q=flumbergast"), 200).hits[0].id,
            made.id,
        );
        assert.deepEqual(
            answered(
                await t.author.post(
                    "/api/v1/cases",
                    { title: "Radiator flumbergast knocks", lang: "en" },
                    { "Idempotency-Key": "life-1" },
                ),
                201,
            ),
            made,
        );
        refused(await t.anybody.get("/api/v1/tickets"), 401, "sign-in");
    });

    await test("a server that is told to stop ends although connections are open", async () => {
        const net = await import("node:net");
        const idle = net.connect(t.server.port, t.server.host);
        const half = net.connect(t.server.port, t.server.host);
        for (const socket of [idle, half]) socket.on("error", () => {});
        half.write(
            "POST /api/v1/consults HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
        );
        await new Promise((wait) => setTimeout(wait, 300));
        const start = performance.now();
        t.anybody.close();
        assert.equal(await t.server.stop(), 0, t.server.stderr);
        assert.ok(performance.now() - start < 9000, "it took too long");
        for (const socket of [idle, half]) socket.destroy();
        t.server = await Server.start(t.data);
        const headers = [t.engineer.headers, t.author.headers];
        t.anybody = new Client(t.server);
        [t.engineer, t.author] = headers.map((h) => t.anybody.as(h));
    });
}
