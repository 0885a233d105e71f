// Who may: every call that the description protects, tokens, the session cookie, other sites.
import assert from "node:assert/strict";
import { operations } from "./description.mjs";
import { answered, phoneTicket, refused } from "./expect.mjs";
import { command, password } from "./server.mjs";
import { test } from "./tap.mjs";

// A reply to the sign-in form; its cookie when there is one.
async function signIn(client, name, word) {
    const form = new URLSearchParams({ name, password: word }).toString();
    const reply = await client.post("/sign-in", form, {
        "Content-Type": "application/x-www-form-urlencoded",
        Origin: `http://${client.server.host}:${client.server.port}`,
    });
    const cookie = [reply.headers["set-cookie"] ?? []]
        .flat()
        .find((c) => c.startsWith("af_session="));
    return { reply, cookie, value: cookie?.split(";")[0] };
}

export async function run({ data, anybody, engineer, tokens }) {
    const closed = operations().filter(
        ({ operation }) =>
            (operation.security ?? []).length > 0 &&
            !operation.security.some((s) => Object.keys(s).length === 0),
    );
    const { n } = await phoneTicket(anybody);
    const fill = (path) => path.replace("{n}", n).replace("{id}", "NH-0018").replace("{visit}", "1").replace("{k}", "1").replace("{name}", "routing");

    await test("the description protects what is for staff", () => {
        const named = closed.map(({ method, path }) => `${method} ${path}`).sort();
        assert.deepEqual(named, [
            "DELETE /api/v1/tickets/{n}/attachments/{id}",
            "GET /api/v1/accounts",
            "GET /api/v1/accounts/{id}",
            "GET /api/v1/accounts/{id}/history",
            "GET /api/v1/contacts",
            "GET /api/v1/contacts/{id}",
            "GET /api/v1/contacts/{id}/history",
            "GET /api/v1/drafts",
            "GET /api/v1/enquiries",
            "GET /api/v1/enquiries/{n}",
            "GET /api/v1/entitled",
            "GET /api/v1/entitlements",
            "GET /api/v1/entitlements/{id}",
            "GET /api/v1/handoffs",
            "GET /api/v1/parts",
            "GET /api/v1/reports/tickets",
            "GET /api/v1/route",
            "GET /api/v1/rules",
            "GET /api/v1/rules/{name}",
            "GET /api/v1/tickets",
            "GET /api/v1/tickets/proposals",
            "GET /api/v1/tickets/{n}",
            "GET /api/v1/tickets/{n}/attachments/{id}",
            "GET /api/v1/tickets/{n}/case-draft",
            "GET /api/v1/tickets/{n}/cases",
            "GET /api/v1/tickets/{n}/handoffs",
            "GET /api/v1/tickets/{n}/parts",
            "GET /api/v1/tickets/{n}/relations",
            "GET /api/v1/tickets/{n}/similar",
            "GET /api/v1/tickets/{n}/survey",
            "GET /api/v1/visits",
            "GET /api/v1/vocabulary",
            "POST /api/v1/cases",
            "POST /api/v1/contacts/{id}/merge",
            "POST /api/v1/enquiries",
            "POST /api/v1/enquiries/{n}/steps",
            "POST /api/v1/tickets/similar",
            "POST /api/v1/tickets/{n}/answer",
            "POST /api/v1/tickets/{n}/assign",
            "POST /api/v1/tickets/{n}/attachments",
            "POST /api/v1/tickets/{n}/class",
            "POST /api/v1/tickets/{n}/confirmation",
            "POST /api/v1/tickets/{n}/escalate",
            "POST /api/v1/tickets/{n}/fields",
            "POST /api/v1/tickets/{n}/handoffs",
            "POST /api/v1/tickets/{n}/handoffs/{k}/steps",
            "POST /api/v1/tickets/{n}/links",
            "POST /api/v1/tickets/{n}/merge",
            "POST /api/v1/tickets/{n}/notice",
            "POST /api/v1/tickets/{n}/parts",
            "POST /api/v1/tickets/{n}/parts/{k}/steps",
            "POST /api/v1/tickets/{n}/party",
            "POST /api/v1/tickets/{n}/relations",
            "POST /api/v1/tickets/{n}/replies",
            "POST /api/v1/tickets/{n}/result",
            "POST /api/v1/tickets/{n}/severity",
            "POST /api/v1/tickets/{n}/split",
            "POST /api/v1/tickets/{n}/steps",
            "POST /api/v1/tickets/{n}/survey",
            "POST /api/v1/tickets/{n}/take",
            "POST /api/v1/tickets/{n}/transfer",
            "POST /api/v1/tickets/{n}/unmerge",
            "POST /api/v1/tickets/{n}/unrelate",
            "POST /api/v1/tickets/{n}/unwatch",
            "POST /api/v1/tickets/{n}/visits/{visit}/report",
            "POST /api/v1/tickets/{n}/visits/{visit}/waiver",
            "POST /api/v1/tickets/{n}/watch",
            "PUT /api/v1/accounts/{id}",
            "PUT /api/v1/cases/{id}",
            "PUT /api/v1/contacts/{id}",
            "PUT /api/v1/entitlements/{id}",
            "PUT /api/v1/rules/{name}",
            "PUT /api/v1/vocabulary",
        ]);
    });

    for (const { method, path, operation } of closed) {
        await test(`${method} ${path} is a 401 for whoever is not signed in`, async () => {
            const body = operation.requestBody ? {} : undefined;
            for (const headers of [
                {},
                { Cookie: "af_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
                { Cookie: "af_session=" },
                { "X-Follow-Up-Key": "0".repeat(32) },
                { Authorization: "Basic YWRtaW46YWRtaW4=" },
                { Authorization: "Bearer" },
            ]) {
                const reply = await anybody.send(method, fill(path), body, headers);
                refused(reply, 401, "sign-in");
                assert.match(reply.headers["www-authenticate"], /^Bearer/);
            }
        });
    }

    await test("an unknown token is a 401 wherever a token is looked at, never quietly nobody", async () => {
        const wrong = tokens.engineer.slice(0, -1) + (tokens.engineer.endsWith("A") ? "B" : "A");
        for (const token of [
            "x",
            "af_",
            wrong,
            tokens.engineer.slice(0, -1),
            `${tokens.engineer}x`,
            tokens.engineer.toUpperCase(),
            "a".repeat(4000),
        ])
            for (const { method, path, operation } of operations().filter(
                (o) => (o.operation.security ?? []).length > 0,
            )) {
                if (path === "/api/v1/tickets/{n}" && method === "GET" && token.length > 3000)
                    continue;
                refused(
                    await anybody.send(method, fill(path), operation.requestBody ? {} : undefined, {
                        Authorization: `Bearer ${token}`,
                    }),
                    401,
                    "sign-in",
                );
            }
    });

    await test("a token works at once while the server runs, in any case of the word Bearer", async () => {
        const made = command(data, "--json", "token", "new", "--role", "supervisor");
        assert.equal(made.status, 0, made.stderr);
        const { token } = JSON.parse(made.stdout);
        for (const scheme of ["Bearer", "bearer", "BEARER"])
            answered(
                await anybody.get("/api/v1/tickets", { Authorization: `${scheme} ${token}` }),
                200,
            );
    });

    await test("a token of the role customer cannot be made", () => {
        for (const role of ["customer", "king", ""])
            assert.notEqual(command(data, "token", "new", "--role", role).status, 0);
    });

    await test("the cookie of a sign-in is staff, and not readable by scripts", async () => {
        const { reply, cookie, value } = await signIn(anybody, "admin", password);
        assert.equal(reply.status, 303, reply.text);
        assert.match(cookie, /HttpOnly/i);
        assert.match(cookie, /SameSite=(Lax|Strict)/i);
        answered(await anybody.get("/api/v1/tickets", { Cookie: value }), 200);
        answered(await anybody.get("/api/v1/tickets", { Cookie: `a=b; ${value}; c=d` }), 200);
    });

    await test("with the cookie another site changes nothing", async () => {
        const { value } = await signIn(anybody, "admin", password);
        const post = (headers) =>
            anybody.post(
                `/api/v1/tickets/${n}/replies`,
                { text: "x" },
                { Cookie: value, ...headers },
            );
        const own = `http://${anybody.server.host}:${anybody.server.port}`;
        for (const headers of [
            { "Sec-Fetch-Site": "cross-site" },
            { "Sec-Fetch-Site": "same-site" },
            { "Sec-Fetch-Site": "x" },
            { Origin: "http://evil.example" },
            { Origin: "null" },
            { Origin: `${own}.evil.example` },
            { "Sec-Fetch-Site": "cross-site", Origin: own },
        ])
            refused(await post(headers), 403, "denied");
        for (const headers of [
            { "Sec-Fetch-Site": "same-origin" },
            { "Sec-Fetch-Site": "none" },
            { Origin: own },
            {},
        ])
            answered(await post(headers), 201);
    });

    await test("a wrong password gets no cookie, whoever it is for", async () => {
        for (const [name, word] of [
            ["admin", "wrong password"],
            ["admin", ""],
            ["nobody", password],
            ["", ""],
            ["admin' --", "x"],
            ["x".repeat(2000), password],
        ]) {
            const { reply, cookie } = await signIn(anybody, name, word);
            assert.ok(reply.status >= 400 && reply.status < 500, `${name}: ${reply.status}`);
            assert.equal(cookie, undefined);
        }
    });
}
