// Files of tickets: what is taken, what is refused, who may read them, and how they leave.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { join } from "node:path";
import { answered, ask, phoneTicket, refused } from "./expect.mjs";
import { test } from "./tap.mjs";

const PNG = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
);
const limits = { file: 50 << 20, post: 10 }; // ATTACHMENT_BYTES_MAX, ATTACHMENTS_A_POST_MAX
const TYPE = "multipart/form-data; boundary=XyZ";

// [name, content, file name?] …
const form = (...parts) =>
    Buffer.concat([
        ...parts.map(([name, content, file]) =>
            Buffer.concat([
                Buffer.from(
                    `--XyZ\r\nContent-Disposition: form-data; name="${name}"` +
                        (file === undefined ? "" : `; filename="${file}"\r\nContent-Type: a/b`) +
                        "\r\n\r\n",
                ),
                Buffer.from(content),
                Buffer.from("\r\n"),
            ]),
        ),
        Buffer.from("--XyZ--\r\n"),
    ]);

export async function run({ data, server, anybody, engineer }) {
    const blobs = join(data, "blobs");
    const stored = () => (existsSync(blobs) ? readdirSync(blobs).filter((n) => n !== "lock") : []);
    const send = (client, ticket, name, content, more = {}) =>
        client.send(
            "POST",
            `${ticket.path}/attachments${name === undefined ? "" : `?name=${encodeURIComponent(name)}`}`,
            Buffer.from(content),
            { "Content-Type": "application/octet-stream", ...more },
        );
    const holder = (ticket) => anybody.as({ "X-Follow-Up-Key": ticket.key });
    // A file's bytes, which the judge does not read.
    const fetchFile = (path, headers = {}, method = "GET") =>
        new Promise((done, fail) => {
            const request = http.request(
                { host: server.host, port: server.port, path, headers, method, agent: anybody.agent },
                (response) => {
                    const pieces = [];
                    response.on("data", (piece) => pieces.push(piece));
                    response.on("error", fail);
                    response.on("end", () =>
                        done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(pieces) }),
                    );
                },
            );
            request.on("error", fail);
            request.end();
        });

    await test("a file that is the body comes back byte for byte, for saving", async () => {
        const ticket = await phoneTicket(engineer);
        const bytes = Buffer.from(Array.from({ length: 70000 }, (_, i) => (i * 7) % 256));
        const now = answered(await send(engineer, ticket, "日志 1.bin", bytes), 201);
        assert.equal(now.files.length, 1);
        assert.deepEqual(now.posts.at(-1).files, [1]);
        assert.equal(now.files[0].name, "日志 1.bin");
        assert.equal(now.files[0].type, "application/octet-stream");
        assert.equal(now.files[0].bytes, 70000);
        const reply = await fetchFile(`${ticket.path}/attachments/1`, { ...engineer.headers });
        assert.equal(reply.status, 200);
        assert.ok(reply.body.equals(bytes));
        assert.equal(reply.headers.etag, `"${now.files[0].hash}"`);
        assert.equal(
            reply.headers["content-disposition"],
            "attachment; filename=\"__ 1.bin\"; filename*=UTF-8''%E6%97%A5%E5%BF%97%201.bin",
        );
        assert.equal(reply.headers["x-content-type-options"], "nosniff");
        assert.match(reply.headers["content-security-policy"], /sandbox/);
        assert.ok(stored().includes(now.files[0].hash));
    });

    await test("what it is goes by its bytes, not by what was said", async () => {
        const ticket = await phoneTicket(engineer);
        const rows = [
            ["a.png", PNG, "image/png", "image/png"],
            ["a.png", "<script>alert(1)</script>", "text/html", "text/plain"],
            ["a.svg", "<svg onload='alert(1)'>", "image/svg+xml", "text/plain"],
            ["a.log", "2026-11-22 link down\n", "text/plain", "text/plain"],
            ["a.pdf", "%PDF-1.7\n", "application/pdf", "application/pdf"],
        ];
        for (const [i, [name, content, type, sent]] of rows.entries()) {
            const now = answered(await send(engineer, ticket, name, content, { "Content-Type": "text/html" }), 201);
            assert.equal(now.files[i].type, type);
            const show = await fetchFile(`${ticket.path}/attachments/${i + 1}?show`, { ...engineer.headers });
            assert.equal(show.headers["content-type"], sent);
            assert.match(show.headers["content-disposition"], i === 0 ? /^inline;/ : /^attachment;/);
        }
    });

    await test("programs are refused with the field's name, and nothing is left of them", async () => {
        const ticket = await phoneTicket(engineer);
        const before = stored();
        for (const [name, content] of [
            ["photo.png", "MZ\x90\0\x03"],
            ["run.exe", "harmless text"],
            ["tool", "\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0"],
            ["a.txt", ""],
        ]) {
            const problem = refused(await send(engineer, ticket, name, content), 422, "invalid");
            assert.match(problem.detail, /"file"/);
        }
        refused(
            await engineer.send("POST", `${ticket.path}/attachments`, form(["file", "fine", "a.txt"], ["file", "MZ\0", "b.txt"]), { "Content-Type": TYPE }),
            422,
            "invalid",
        );
        assert.deepEqual(stored(), before);
        assert.equal(answered(await engineer.get(ticket.path), 200).files, undefined);
    });

    await test("a form brings several files and a text as one post", async () => {
        const ticket = await phoneTicket(engineer);
        const now = answered(
            await holder(ticket).send(
                "POST",
                `${ticket.path}/attachments`,
                form(["text", "See the picture.\r\nAnd the log."], ["file", PNG, "../screen \"1\".png".replaceAll('"', "%22")], ["file", "", ""], ["more", "log", "a.log"]),
                { "Content-Type": TYPE },
            ),
            201,
        );
        assert.equal(now.posts.length, 1);
        assert.equal(now.posts[0].text, "See the picture.\r\nAnd the log.");
        assert.equal(now.posts[0].from, "customer");
        assert.deepEqual(now.posts[0].files, [1, 2]);
        assert.deepEqual(now.files.map((f) => f.name), ["screen _1_.png", "a.log"]);
        assert.equal(now.files[0].hash, undefined); // he knows his file
        refused(
            await engineer.send("POST", `${ticket.path}/attachments`, form(["text", "no file"]), { "Content-Type": TYPE }),
            422,
            "invalid",
        );
        refused(
            await engineer.send("POST", `${ticket.path}/attachments`, "--XyZ\r\nbroken", { "Content-Type": TYPE }),
            422,
            "invalid",
        );
    });

    await test("the limit of a file is told before it is sent, and while it is", async () => {
        const ticket = await phoneTicket(engineer);
        const before = stored();
        const problem = refused(
            await engineer.send("POST", `${ticket.path}/attachments`, undefined, { "Content-Type": "a/b", "Content-Length": limits.file + 1, Expect: "100-continue" }),
            413,
            "too-large",
        );
        assert.match(problem.detail, /"file" has more than 50 MiB/);
        const many = Array.from({ length: limits.post + 1 }, (_, i) => ["file", `${i}`, `${i}.txt`]);
        assert.match(
            refused(await engineer.send("POST", `${ticket.path}/attachments`, form(...many), { "Content-Type": TYPE }), 413, "too-large").detail,
            /at most 10 files/,
        );
        assert.deepEqual(stored(), before);
        const now = answered(
            await engineer.send("POST", `${ticket.path}/attachments`, form(...many.slice(1)), { "Content-Type": TYPE }),
            201,
        );
        assert.equal(now.files.length, limits.post);
    });

    await test("a client that goes away in the middle leaves nothing", async () => {
        const ticket = await phoneTicket(engineer);
        const before = stored();
        await new Promise((done, fail) => {
            const socket = net.connect(server.port, server.host, () => {
                socket.write(
                    `POST ${ticket.path}/attachments?name=half.bin HTTP/1.1\r\nHost: x\r\nAuthorization: ${engineer.headers.Authorization}\r\n` +
                        "Content-Type: a/b\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(50000),
                );
                const wait = setInterval(() => {
                    if (!stored().some((n) => n.startsWith("new-"))) return;
                    clearInterval(wait);
                    socket.destroy();
                    done();
                }, 5);
            });
            socket.on("error", fail);
        });
        while (stored().some((n) => n.startsWith("new-"))) await new Promise((done) => setTimeout(done, 5));
        assert.deepEqual(stored(), before);
        assert.equal(answered(await engineer.get(ticket.path), 200).files, undefined);
    });

    await test("the same content is stored once, however many tickets have it", async () => {
        const one = await phoneTicket(engineer);
        const two = await phoneTicket(engineer);
        const first = answered(await send(engineer, one, "a.txt", "the same in both"), 201);
        const count = stored().length;
        const second = answered(await send(engineer, two, "b.txt", "the same in both"), 201);
        assert.equal(stored().length, count);
        assert.equal(first.files[0].hash, second.files[0].hash);
        assert.equal(second.files[0].name, "b.txt");
    });

    await test("the key's holder sees what is not internal; another's key, and nobody, do not", async () => {
        const ticket = await phoneTicket(engineer);
        const other = await phoneTicket(engineer);
        answered(await send(engineer, ticket, "public.txt", "for all"), 201);
        answered(
            await engineer.send("POST", `${ticket.path}/attachments?name=secret.txt&internal=1`, "for us", { "Content-Type": "text/plain" }),
            201,
        );
        assert.deepEqual(answered(await holder(ticket).get(ticket.path), 200).files.map((f) => f.name), ["public.txt"]);
        const get = (client, id) => fetchFile(`${ticket.path}/attachments/${id}`, { ...client.headers });
        assert.equal((await get(holder(ticket), 1)).status, 200);
        assert.equal((await get(holder(ticket), 2)).status, 404);
        assert.equal((await get(engineer, 2)).body.toString(), "for us");
        assert.equal((await get(holder(other), 1)).status, 401);
        assert.equal((await get(anybody, 1)).status, 401);
        refused(await send(anybody, ticket, "a.txt", "stranger"), 401, "sign-in");
        refused(await send(holder(other), ticket, "a.txt", "stranger"), 401, "sign-in");
        for (const id of ["3", "0", "x", "99999999999999999999"])
            refused(await engineer.get(`${ticket.path}/attachments/${id}`), 404, "not-found");
    });

    await test("an internal file of a customer is what he says to all", async () => {
        const ticket = await phoneTicket(engineer);
        answered(
            await holder(ticket).send("POST", `${ticket.path}/attachments?name=a.txt&internal=1`, "mine", { "Content-Type": "text/plain" }),
            201,
        );
        assert.equal(answered(await engineer.get(ticket.path), 200).files[0].internal, false);
    });

    await test("ranges and what is fresh", async () => {
        const ticket = await phoneTicket(engineer);
        const now = answered(await send(engineer, ticket, "digits.txt", "0123456789"), 201);
        const path = `${ticket.path}/attachments/1`;
        const tag = `"${now.files[0].hash}"`;
        const get = (headers, method) => fetchFile(path, { ...engineer.headers, ...headers }, method);
        for (const [range, status, body, said] of [
            ["bytes=2-4", 206, "234", "bytes 2-4/10"],
            ["bytes=7-", 206, "789", "bytes 7-9/10"],
            ["bytes=-3", 206, "789", "bytes 7-9/10"],
            ["bytes=-30", 206, "0123456789", "bytes 0-9/10"],
            ["bytes=9-99", 206, "9", "bytes 9-9/10"],
            ["bytes=0-1,4-5", 200, "0123456789", undefined],
            ["bytes=4-2", 200, "0123456789", undefined],
            ["lines=1-2", 200, "0123456789", undefined],
        ]) {
            const reply = await get({ Range: range });
            assert.equal(reply.status, status, range);
            assert.equal(reply.body.toString(), body, range);
            assert.equal(reply.headers["content-range"], said, range);
        }
        for (const range of ["bytes=10-", "bytes=10-12", "bytes=-0"]) {
            const reply = await get({ Range: range });
            assert.equal(reply.status, 416, range);
            assert.equal(reply.headers["content-range"], "bytes */10");
        }
        assert.equal((await get({ Range: "bytes=2-4", "If-Range": '"other"' })).status, 200);
        assert.equal((await get({ Range: "bytes=2-4", "If-Range": tag })).status, 206);
        assert.equal((await get({ "If-None-Match": tag })).status, 304);
        assert.equal((await get({ "If-None-Match": tag, Range: "bytes=2-4" })).status, 304);
        const head = await get({}, "HEAD");
        assert.equal(head.headers["content-length"], "10");
        assert.equal(head.body.length, 0);
    });

    await test("files that were sent before come with a reply, or with a new ticket", async () => {
        const sent = answered(
            await anybody.send("POST", "/api/v1/uploads", form(["file", PNG, "a.png"], ["file", "log", "b.log"]), { "Content-Type": TYPE }),
            201,
        ).files;
        assert.deepEqual(sent.map((f) => [f.name, f.type]), [["a.png", "image/png"], ["b.log", "text/plain"]]);
        const consult = await ask(anybody);
        answered(await anybody.post(`${consult.path}/outcome`, { solved: false }), 200);
        const opened = answered(
            await anybody.post("/api/v1/tickets", { title: "with files", consult_id: consult.id, attachments: [sent[0].receipt] }),
            201,
        );
        const path = `/api/v1/tickets/${opened.n}`;
        let now = answered(await engineer.get(path), 200);
        assert.deepEqual(now.files.map((f) => [f.id, f.name, f.from]), [[1, "a.png", "customer"]]);
        now = answered(await engineer.post(`${path}/replies`, { text: "and this", attachments: sent.map((f) => f.receipt) }), 201);
        assert.deepEqual(now.posts[0].files, [2, 3]);
        now = answered(await engineer.post(`${path}/replies`, { attachments: [sent[1].receipt] }), 201);
        assert.equal(now.posts[1].text, "");
        assert.equal((await fetchFile(`${path}/attachments/1`, { ...engineer.headers })).body.compare(PNG), 0);
    });

    await test("a receipt that was made up, changed or is no list is refused", async () => {
        const ticket = await phoneTicket(engineer);
        const [sent] = answered(
            await anybody.send("POST", "/api/v1/uploads?name=a.txt", "text", { "Content-Type": "text/plain" }),
            201,
        ).files;
        const [payload, mac] = sent.receipt.split(".");
        const changed = JSON.parse(Buffer.from(payload, "base64url").toString());
        changed.type = "text/html";
        for (const attachments of [
            "text",
            [7],
            [""],
            ["x.y"],
            [`${payload}.${"0".repeat(32)}`],
            [`${payload}.${mac}0`],
            [`${Buffer.from(JSON.stringify(changed)).toString("base64url")}.${mac}`],
            [createHash("sha256").update("text").digest("hex")],
        ])
            refused(await engineer.post(`${ticket.path}/replies`, { text: "x", attachments }), 422, "invalid");
        refused(
            await engineer.post(`${ticket.path}/replies`, { text: "x", attachments: Array(11).fill(sent.receipt) }),
            413,
            "too-large",
        );
        assert.equal(answered(await engineer.get(ticket.path), 200).posts.length, 0);
    });

    await test("a repeat with the same key attaches once; with another file it is refused", async () => {
        const ticket = await phoneTicket(engineer);
        const key = { "Idempotency-Key": "attach-1" };
        answered(await send(engineer, ticket, "a.txt", "once", key), 201);
        const again = answered(await send(engineer, ticket, "a.txt", "once", key), 201);
        assert.equal(again.files.length, 1);
        refused(await send(engineer, ticket, "a.txt", "twice", key), 409, "conflict");
    });

    await test("a customer's file wakes a ticket that waits for him, and after its end opens one that follows", async () => {
        const ticket = await phoneTicket(engineer);
        for (const event of ["take", "wait_customer"])
            answered(await engineer.post(`${ticket.path}/steps`, { event, reason: "x" }), 200);
        assert.equal(answered(await send(holder(ticket), ticket, "a.txt", "here"), 201).state, "in_progress");
        answered(await engineer.post(`${ticket.path}/steps`, { event: "cancel", reason: "x" }), 200);
        const later = await send(holder(ticket), ticket, "a.txt", "late");
        if (later.status === 409) return; // as its end was
        const next = answered(await engineer.get(`/api/v1/tickets/${answered(later, 201).n}`), 200);
        assert.deepEqual(next.files.map((f) => f.name), ["a.txt"]);
    });

    await test("a file is taken away with a reason, by staff, and is gone", async () => {
        const ticket = await phoneTicket(engineer);
        answered(await send(engineer, ticket, "password.txt", "hunter2"), 201);
        const path = `${ticket.path}/attachments/1`;
        refused(await engineer.send("DELETE", path), 422, "invalid");
        refused(await holder(ticket).send("DELETE", `${path}?reason=mine`), 401, "sign-in");
        const now = answered(await engineer.send("DELETE", `${path}?reason=a%20password`), 200);
        assert.equal(now.files[0].removed.reason, "a password");
        assert.equal(now.files[0].hash, undefined);
        assert.equal(now.history.at(-1).event, "file_removed");
        refused(await engineer.get(path), 404, "not-found");
        refused(await engineer.send("DELETE", `${path}?reason=again`), 404, "not-found");
        const seen = answered(await holder(ticket).get(ticket.path), 200);
        assert.deepEqual(Object.keys(seen.files[0].removed), ["at"]);
    });

    await test("a stranger sends so many files an hour", async () => {
        const stranger = anybody.as({ "X-Forwarded-For": "192.0.2.77" });
        let last;
        for (let i = 0; i <= 100; i++) {
            last = await stranger.send("POST", "/api/v1/uploads?name=a.txt", `${i}`, { "Content-Type": "text/plain" });
            if (last.status !== 201) break;
        }
        assert.match(refused(last, 429, "rate").detail, /100 files/);
        assert.equal(last.headers["retry-after"], "3600");
        answered(
            await anybody.as({ "X-Forwarded-For": "192.0.2.78" }).send("POST", "/api/v1/uploads?name=a.txt", "other", { "Content-Type": "text/plain" }),
            201,
        );
    });
}
