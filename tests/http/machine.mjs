// healthz, metrics, the description, and what every address has in common.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { answered, refused } from "./expect.mjs";
import { root } from "./server.mjs";
import { test } from "./tap.mjs";

export async function run({ anybody }) {
    await test("healthz says ok", async () => {
        assert.deepEqual(answered(await anybody.get("/healthz"), 200), { status: "ok" });
    });

    await test("metrics are Prometheus text: HELP, TYPE and a number for each name", async () => {
        const reply = await anybody.get("/metrics");
        assert.equal(reply.status, 200);
        assert.match(reply.headers["content-type"], /^text\/plain; version=0\.0\.4/);
        const names = reply.text.matchAll(/^# TYPE (\w+) (gauge|counter)$/gm);
        let count = 0;
        for (const [, name] of names) {
            assert.match(reply.text, new RegExp(`^# HELP ${name} .+$`, "m"));
            assert.match(reply.text, new RegExp(`^${name} \\d+$`, "m"));
            count++;
        }
        assert.ok(count >= 8);
        assert.match(reply.text, /^askfirst_cases 83$/m);
        assert.ok(reply.text.endsWith("\n"));
    });

    await test("openapi.json is served byte for byte", async () => {
        const reply = await anybody.get("/api/v1/openapi.json");
        assert.equal(reply.text, readFileSync(resolve(root, "intake/api/openapi.json"), "utf8"));
    });

    await test("an unknown address is a 404", async () => {
        for (const path of [
            "/nope",
            "/api",
            "/api/v1",
            "/api/v1/",
            "/api/v2/search",
            "/api/v1/consults/",
            "/healthz/",
            "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s",
        ])
            refused(await anybody.get(path), 404, "not-found");
    });

    await test("a wrong method is a 405 whose Allow names the right ones", async () => {
        const cases = [
            ["DELETE", "/healthz", "GET, HEAD, OPTIONS"],
            ["POST", "/api/v1/search", "GET, HEAD, OPTIONS"],
            ["GET", "/api/v1/consults", "POST, OPTIONS"],
            ["PATCH", "/api/v1/cases/NH-0018", "GET, HEAD, PUT, OPTIONS"],
            ["DELETE", "/api/v1/tickets/1", "GET, HEAD, OPTIONS"],
        ];
        for (const [method, path, allow] of cases) {
            const reply = await anybody.send(method, path, undefined, { "Content-Length": "0" });
            refused(reply, 405, "method-not-allowed");
            assert.equal(reply.headers.allow, allow);
        }
        assert.match(
            await anybody.raw(
                "BREW /api/v1/tickets HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            ),
            /^HTTP\/1\.1 405 /,
        );
    });

    await test("HEAD answers as GET without a body, OPTIONS with Allow", async () => {
        const head = await anybody.send("HEAD", "/api/v1/search?q=wifi");
        assert.equal(head.status, 200);
        assert.equal(head.text, "");
        assert.ok(Number(head.headers["content-length"]) > 100);
        const options = await anybody.send("OPTIONS", "/api/v1/tickets");
        assert.equal(options.status, 204);
        assert.equal(options.headers.allow, "GET, HEAD, POST, OPTIONS");
    });

    await test("a problem's type is an address that explains it", async () => {
        const problem = refused(await anybody.get("/nope"), 404, "not-found");
        const kind = answered(await anybody.get(problem.type), 200);
        assert.equal(kind.type, problem.type);
        assert.equal(kind.status, 404);
        assert.ok(kind.meaning.length > 20);
    });

    await test("every reply carries the security headers and is not stored", async () => {
        for (const path of ["/healthz", "/nope", "/api/v1/search?q=x"]) {
            const { headers } = await anybody.get(path);
            assert.equal(headers["x-content-type-options"], "nosniff");
            assert.equal(headers["cache-control"], "no-store");
            assert.match(headers["content-security-policy"], /default-src 'none'/);
        }
    });
}
