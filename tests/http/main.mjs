// All areas in order against one server, then what must be true once they have done their worst.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "./client.mjs";
import { Server, command } from "./server.mjs";
import { finish, test } from "./tap.mjs";
import * as machine from "./machine.mjs";
import * as search from "./search.mjs";
import * as suggest from "./suggest.mjs";
import * as consult from "./consult.mjs";
import * as ticket from "./ticket.mjs";
import * as desk from "./desk.mjs";
import * as attachments from "./attachments.mjs";
import * as closing from "./closing.mjs";
import * as tasks from "./tasks.mjs";
import * as outside from "./outside.mjs";
import * as versions from "./versions.mjs";
import * as ties from "./ties.mjs";
import * as draftCase from "./draft_case.mjs";
import * as likeness from "./likeness.mjs";
import * as cases from "./cases.mjs";
import * as rules from "./rules.mjs";
import * as party from "./party.mjs";
import * as forms from "./forms.mjs";
import * as vocabulary from "./vocabulary.mjs";
import * as staff from "./staff.mjs";
import * as bad from "./bad.mjs";
import * as life from "./life.mjs";

const areas = { machine, search, suggest, consult, ticket, desk, attachments, closing, tasks, outside, versions, ties, likeness, draftCase, cases, vocabulary, rules, party, forms, staff, bad, life };
const wanted = process.argv.slice(2);
const folder = mkdtempSync(join(process.env.TMPDIR ?? tmpdir(), "askfirst-http-"));
const data = join(folder, "data");
let server;

function makeToken(role) {
    const made = command(data, "--json", "token", "new", "--role", role);
    assert.equal(made.status, 0, made.stderr);
    return JSON.parse(made.stdout).token;
}

async function runAreas() {
    const tokens = { engineer: makeToken("engineer"), author: makeToken("author"), admin: makeToken("admin") };
    server = await Server.start(data);
    const anybody = new Client(server);
    const t = {
        data,
        server,
        anybody,
        tokens,
        engineer: anybody.as({ Authorization: `Bearer ${tokens.engineer}` }),
        author: anybody.as({ Authorization: `Bearer ${tokens.author}` }),
        admin: anybody.as({ Authorization: `Bearer ${tokens.admin}` }),
    };
    for (const [name, area] of Object.entries(areas))
        if (wanted.length === 0 || wanted.includes(name)) await area.run(t);
    server = t.server; // life.mjs starts another
    await test("the server stands after all of it", async () => {
        assert.equal((await t.engineer.get("/healthz")).status, 200);
    });
    t.anybody.close();
    await test("SIGTERM ends it with exit code 0", async () => {
        assert.equal(await server.stop(), 0, server.stderr);
        server = undefined;
    });
    await test("the store is sound and the ledger agrees with the counts", () => {
        for (const words of [["check"], ["ledger", "verify"]]) {
            const run = command(data, ...words);
            assert.equal(run.status, 0, `${words.join(" ")}: ${run.stdout}${run.stderr}`);
        }
    });
}

process.on("exit", () => {
    server?.process.kill("SIGKILL"); // ours, by its pid, when a test fell over
    rmSync(folder, { recursive: true, force: true });
});
await test("the sample library is imported", () => {
    const run = command(data, "import", "data/sample");
    assert.equal(run.status, 0, run.stderr);
});
try {
    await runAreas();
} catch (error) {
    await test("the tests run to their end", () => Promise.reject(error));
}
process.exit(finish());
