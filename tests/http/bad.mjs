// Bad input: each piece gets one clear answer, and nothing crashes.
import assert from "node:assert/strict";
import { answered, ask, refused } from "./expect.mjs";
import { test } from "./tap.mjs";

const bytes = (...parts) =>
    Buffer.concat(parts.map((p) => (typeof p === "string" ? Buffer.from(p) : Buffer.from(p))));

// Bodies that are no JSON we take: 400 wherever they are sent.
const malformed = [
    ["nested 10,000 deep", `{"text":${"[".repeat(10000)}${"]".repeat(10000)}}`],
    ["nested 10,000 deep and never closed", `{"text":${"[".repeat(10000)}`],
    ["objects 10,000 deep", `{"a":`.repeat(10000) + "1" + "}".repeat(10000)],
    ["a member named twice", `{"text":"a","text":"b"}`],
    ["a member named twice, once escaped", `{"text":"a","te\\u0078t":"b"}`],
    ["a member named twice inside", `{"text":"a","contact":{"m":"a","m":"b"}}`],
    ["a lone high surrogate", `{"text":"\\ud800"}`],
    ["a lone low surrogate", `{"text":"\\udc00"}`],
    ["surrogates the wrong way round", `{"text":"\\udc00\\ud800"}`],
    ["an escaped NUL", `{"text":"a\\u0000b"}`],
    ["a NUL in a name", `{"te\\u0000xt":"b"}`],
    ["a bare NUL", bytes(`{"text":"a`, [0], `b"}`)],
    ["a control character", `{"text":"a\u0001b"}`],
    ["a line break in a string", `{"text":"a\nb"}`],
    ["invalid UTF-8", bytes(`{"text":"`, [0xff, 0xfe], `"}`)],
    ["a surrogate in UTF-8", bytes(`{"text":"`, [0xed, 0xa0, 0x80], `"}`)],
    ["an overlong slash", bytes(`{"text":"`, [0xc0, 0xaf], `"}`)],
    ["a cut character", bytes(`{"text":"`, [0xe7, 0xbd], `"}`)],
    ["a code point past the last", bytes(`{"text":"`, [0xf4, 0x90, 0x80, 0x80], `"}`)],
    ["UTF-16", Buffer.from(`{"text":"a"}`, "utf16le")],
    ["a byte order mark", bytes([0xef, 0xbb, 0xbf], `{"text":"a"}`)],
    ["nothing", ""],
    ["blanks", "  \n"],
    ["half an object", `{"text":"a"`],
    ["bytes after the object", `{"text":"a"} x`],
    ["two objects", `{"text":"a"}{"text":"b"}`],
    ["a comma too many", `{"text":"a",}`],
    ["single quotes", `{'text':'a'}`],
    ["a comment", `{"text":"a"/**/}`],
    ["NaN", `{"text":"a","x":NaN}`],
    ["a number past all bounds", `{"text":"a","x":1e999}`],
    ["an integer past all bounds", `{"text":"a","x":${"9".repeat(400)}}`],
    ["a form", "text=a"],
    ["60,000 brackets", "[".repeat(60000)],
];

const json = { "Content-Type": "application/json" };

export async function run({ anybody, author }) {
    for (const [name, body] of malformed) {
        await test(`JSON with ${name} is a 400`, async () => {
            for (const [client, path] of [
                [anybody, "/api/v1/consults"],
                [anybody, "/api/v1/tickets"],
                [author, "/api/v1/cases"],
            ])
                refused(await client.post(path, body, json), 400, "malformed");
        });
    }

    await test("300,000 small elements are a 400 before they take memory", async () => {
        refused(
            await author.post("/api/v1/cases", `{"title":"x","k":[${"{},".repeat(300000)}{}]}`),
            400,
            "malformed",
        );
    });

    await test("queries that are no UTF-8 text are a 400", async () => {
        for (const q of [
            "%FF",
            "%00",
            "a%00b",
            "%ED%A0%80",
            "%C0%AF",
            "%E7%BD",
            "%F4%90%80%80",
            "%",
            "%4",
            "%zz",
            "%u7F51",
        ]) {
            refused(await anybody.get(`/api/v1/search?q=${q}`), 400, "malformed");
            refused(await anybody.get(`/api/v1/search?product=${q}&q=x`), 400, "malformed");
            refused(await author.get(`/api/v1/cases/${q}`), 400, "malformed");
            refused(await anybody.get(`/api/v1/consults/${q}`), 400, "malformed");
        }
    });

    await test("long names in other scripts are quoted whole or cut between characters", async () => {
        const { path } = await ask(anybody);
        for (const start of ["", "a", "aa", "aaa"])
            for (const sign of ["网", "é", "😀"]) {
                const name = start + sign.repeat(90);
                const at = encodeURIComponent(name);
                const phone = { channel: "phone", title: "x" };
                refused(await anybody.get(`/api/v1/cases/${at}`), 404, "not-found");
                refused(await anybody.get(`/api/v1/consults/${at}`), 404, "not-found");
                refused(await anybody.post(`${path}/opened`, { case: name }), 409, "conflict");
                refused(
                    await anybody.post("/api/v1/tickets", { ...phone, contact: { [name]: 1 } }),
                    422,
                    "invalid",
                );
            }
    });

    await test("headers of any bytes are taken as what they are", async () => {
        const raw = "\u00e9\u00ff"; // two bytes that are no UTF-8
        const get = (headers) => anybody.get("/api/v1/tickets/1", headers);
        refused(await get({ "X-Follow-Up-Key": raw }), 401, "sign-in");
        refused(await get({ Authorization: `Bearer af_${raw.repeat(30)}` }), 401, "sign-in");
        refused(await get({ Cookie: `af_session=${raw}` }), 401, "sign-in");
        const changed = await author.put(
            "/api/v1/cases/NH-0018",
            { title: "x", lang: "en" },
            { "If-Match": raw },
        );
        refused(changed, 412, "changed");
        const tag = await anybody.get("/api/v1/cases/NH-0018", { "If-None-Match": raw });
        answered(tag, 200);
    });

    await test("more than 100 parameters are a 400", async () => {
        refused(await anybody.get(`/api/v1/search?${"a=b&".repeat(101)}q=x`), 400, "malformed");
        answered(await anybody.get(`/api/v1/search?${"a=b&".repeat(99)}q=x`), 200);
    });

    await test("paths that climb or hold control characters are a 400", async () => {
        for (const path of [
            "/api/v1/cases/..",
            "/api/v1/cases/a/../../tickets",
            "/api/v1/cases/%2e%2e/x",
            "/api/v1/cases/.",
            "/api/v1/cases/a%0Ab",
            "/api/v1/cases/a%2F..%2Fb",
        ])
            refused(await author.get(path), 400, "malformed");
    });

    await test("a query of 1 MB is a 431, a body over its limit a 413", async () => {
        // Node gives up a request whose answer comes while it is still writing, so: by hand.
        const long = await anybody.raw(
            `GET /api/v1/search?q=${"a".repeat(1 << 20)} HTTP/1.1\r\nHost: x\r\n\r\n`,
        );
        assert.match(long, /^HTTP\/1\.1 (431|414) /);
        refused(
            await anybody.post("/api/v1/consults", { text: "a".repeat(65536) }),
            413,
            "too-large",
        );
        refused(
            await anybody.post("/api/v1/consults", { text: "a".repeat(1 << 20) }),
            413,
            "too-large",
        );
        refused(
            await anybody.post("/api/v1/tickets", { title: "x", text: "a".repeat(1 << 18) }),
            413,
            "too-large",
        );
        answered(await anybody.post("/api/v1/consults", { text: "a".repeat(65000) }), 201);
    });

    await test("texts that are slow to normalise are answered in time", async () => {
        const texts = [
            "\u0301".repeat(30000),
            "a" + "\u0315\u0300".repeat(15000),
            "ﷺ".repeat(20000),
            "\u{1D15E}".repeat(15000),
            "각".repeat(20000),
            "가".normalize("NFD").repeat(9000),
            "\u202E".repeat(20000),
            "网".repeat(20000),
            "a".repeat(60000),
            "a-".repeat(30000),
            "0x".repeat(30000),
            '"'.repeat(30000),
            "( ".repeat(30000),
        ];
        for (const text of texts) {
            const start = performance.now();
            answered(await anybody.post("/api/v1/consults", { text }), 201);
            const took = performance.now() - start;
            assert.ok(
                took < 3000,
                `${took} ms for ${text.length} of U+${text.codePointAt(0).toString(16)}`,
            );
        }
    });

    await test("a body of another type, charset or coding is a 415", async () => {
        const body = `{"text":"wifi"}`;
        for (const type of [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "application/jsonx",
            "application/json; charset=gbk",
            "application/json; charset=utf-16",
            "application/xml",
        ])
            refused(
                await anybody.post("/api/v1/consults", body, { "Content-Type": type }),
                415,
                "media-type",
            );
        refused(
            await anybody.post("/api/v1/consults", body, { ...json, "Content-Encoding": "gzip" }),
            415,
            "media-type",
        );
        for (const type of [
            "application/json",
            "application/json; charset=utf-8",
            "Application/JSON;charset=UTF-8",
            'application/json ; charset="utf-8"',
        ])
            answered(await anybody.post("/api/v1/consults", body, { "Content-Type": type }), 201);
    });

    await test("a body where none is taken is a 413, none where one is needed a 411", async () => {
        refused(await anybody.send("GET", "/api/v1/search?q=x", "{}"), 413, "too-large");
        assert.match(
            await anybody.raw(
                "POST /api/v1/consults HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n",
            ),
            /^HTTP\/1\.1 411 [\s\S]*problems\/length-required/,
        );
    });

    await test("a chunked body is read like another", async () => {
        const reply = await anybody.raw(
            `POST /api/v1/consults HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n8\r\n{"text":\r\n7\r\n"wifi"}\r\n0\r\n\r\n`,
        );
        assert.match(reply, /^HTTP\/1\.1 201 /);
    });

    const post = (lines, body) =>
        `POST /api/v1/consults HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${lines}\r\n${body}`;
    const two = `{"text":"wifi"}`;
    const smuggled = [
        [
            "two Content-Lengths",
            post(`Content-Length: ${two.length}\r\nContent-Length: ${two.length}\r\n`, two),
        ],
        [
            "two different Content-Lengths",
            post(`Content-Length: ${two.length}\r\nContent-Length: 3\r\n`, two),
        ],
        [
            "Content-Length and chunked",
            post(
                `Content-Length: ${two.length}\r\nTransfer-Encoding: chunked\r\n`,
                `f\r\n${two}\r\n0\r\n\r\n`,
            ),
        ],
        [
            "chunked and Content-Length",
            post(`Transfer-Encoding: chunked\r\nContent-Length: 4\r\n`, `f\r\n${two}\r\n0\r\n\r\n`),
        ],
        [
            "two Transfer-Encodings",
            post(
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                `f\r\n${two}\r\n0\r\n\r\n`,
            ),
        ],
        ["a Content-Length that is no number", post("Content-Length: 1x\r\n", "x")],
        ["a negative Content-Length", post("Content-Length: -1\r\n", "x")],
        ["no Host", "GET /healthz HTTP/1.1\r\n\r\n"],
        ["two Hosts", "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"],
        ["a folded line", "GET /healthz HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n"],
        ["a blank before the colon", "GET /healthz HTTP/1.1\r\nHost : x\r\n\r\n"],
        [
            "raw UTF-8 that is cut",
            bytes(
                "GET /api/v1/search?q=",
                [0xe7, 0xbd],
                " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            ),
        ],
        ["a NUL in the target", bytes("GET /healthz", [0], " HTTP/1.1\r\nHost: x\r\n\r\n")],
    ];
    for (const [name, request] of smuggled) {
        await test(`a request with ${name} is a 400 and ends the connection`, async () => {
            // A second request behind it must not be answered.
            const reply = await anybody.raw(
                bytes(request, "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
            );
            assert.match(reply, /^HTTP\/1\.[01] 400 /);
            assert.ok(!reply.includes("askfirst_cases"), "the second request was answered");
        });
    }

    await test("connections cut at any point leave the server standing", async () => {
        const whole = post(`Content-Length: ${two.length}\r\n`, two);
        const net = await import("node:net");
        for (let cut = 1; cut < whole.length; cut += 9)
            await new Promise((done) => {
                const socket = net.connect(anybody.server.port, anybody.server.host, () => {
                    socket.write(whole.slice(0, cut), () => socket.destroy());
                });
                socket.on("error", () => {});
                socket.on("close", done);
            });
        answered(await anybody.get("/healthz"), 200);
    });
}
