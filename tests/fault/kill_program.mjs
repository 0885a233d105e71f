// kill -9 of the program itself, in the middle of imports and of eight clients who ask, open
// tickets, reply, link and save cases. After each kill the store must be sound and everything
// that was acknowledged there once; a request whose answer nobody saw is repeated with its key,
// and then is there once too.
//
// KILLS sets how many (default 110: 44 imports, 66 servers); TEST_SEED repeats the moments.
// ASKFIRST is the program, else build/$MODE/askfirst, else ./askfirst.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = resolve(fileURLToPath(import.meta.url), "../../..");
const built = join(root, "build", process.env.MODE ?? "", "askfirst");
const program =
    process.env.ASKFIRST ?? (process.env.MODE && existsSync(built) ? built : join(root, "askfirst"));
const kills = Number(process.env.KILLS ?? 110);
const seed = Number(process.env.TEST_SEED ?? Date.now() % 1000000007);
const env = { ...process.env, ASKFIRST_ADMIN_PASSWORD: "only for these tests" };

console.log(`# TEST_SEED=${seed} KILLS=${kills} ${program}`);
mkdirSync(join(root, "build/tmp"), { recursive: true });
const folder = mkdtempSync(join(root, "build/tmp/kill-"));
const alive = new Set(); // our processes
process.once("exit", () => {
    for (const child of alive) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
});
after(() => { // a test that failed left its server, and its other clients at work
    for (const child of alive) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
});

// --- chance, processes, commands --------------------------------------------------------------

let state = seed >>> 0;
function random() { // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function start(data, words) {
    const child = spawn(program, ["--data", data, ...words], {
        env,
        stdio: ["ignore", "pipe", "pipe"],
    });
    const process = { child, stdout: "", stderr: "" };
    alive.add(child);
    for (const name of ["stdout", "stderr"])
        child[name].setEncoding("utf8").on("data", (text) => (process[name] += text));
    process.ended = new Promise((done, fail) => {
        child.once("error", fail);
        child.once("close", (code, signal) => {
            alive.delete(child);
            done(code ?? signal);
        });
    });
    return process;
}

function command(data, ...words) {
    const run = spawnSync(program, ["--data", data, ...words], {
        env,
        encoding: "utf8",
        maxBuffer: 1 << 28,
        timeout: 60000,
    });
    if (run.error) throw run.error;
    return run;
}

function succeed(data, ...words) {
    const run = command(data, ...words);
    assert.equal(run.status, 0, `${words.join(" ")}: ${run.stdout}${run.stderr}`);
    return run.stdout;
}

function demandSound(data) {
    assert.equal(succeed(data, "check"), "sound\n");
    assert.match(succeed(data, "ledger", "recompute"), /^equal: /);
    assert.match(succeed(data, "ledger", "verify"), /^sound: /);
}

// The journal's entries.
function dump(data) {
    return succeed(data, "dump").trimEnd().split("\n").slice(1).map((line) => JSON.parse(line));
}

function found(hits, id, what) {
    assert.ok(hits.some((hit) => hit.id === id), `${what} does not find case ${id}`);
}

// --- imports ----------------------------------------------------------------------------------

const CASES = 2000;
const KILLS_AN_IMPORT = 6; // of one store at most; then its import may end

function writeCases(path) {
    let text = "";
    for (let i = 0; i < CASES; i++)
        text += JSON.stringify({
            id: `k-${i}`,
            lang: "en",
            title: `Pump zq${i} leaks`,
            symptom: `The pump hums. ${"The valve drips at night. ".repeat(16 + (i % 7))}`,
        }) + "\n";
    writeFileSync(path, text);
}

// The ids of each command, in order. None when it was killed before there was a store.
function batches(data) {
    const run = command(data, "dump");
    if (run.status !== 0) return assert.match(run.stderr, /^askfirst: nothing is stored in/), [];
    const entries = run.stdout.trimEnd().split("\n").slice(1);
    return entries.map((line) => JSON.parse(line).body.cases.map((one) => one.id));
}

// How many of the batches are there: `whole` is all that one undisturbed import writes.
function demandPrefix(data, whole, atLeast) {
    const present = batches(data);
    assert.deepEqual(present, whole.slice(0, present.length), "not a prefix of whole batches");
    assert.ok(present.length >= atLeast, "what was there is lost");
    if (present.length > 0) assert.equal(succeed(data, "check"), "sound\n");
    return present.length;
}

function finishImport(data, file, whole) {
    const result = JSON.parse(succeed(data, "--json", "import", file));
    assert.equal(result.added + result.unchanged, CASES);
    assert.equal(result.updated + result.rejected, 0);
    assert.equal(demandPrefix(data, whole, whole.length), whole.length);
    for (let i = 0; i < 3; i++) {
        const n = Math.floor(random() * CASES);
        found(JSON.parse(succeed(data, "--json", "search", `zq${n}`)).hits, `k-${n}`, "search");
    }
}

// A third of them while the store is being made or opened. The exit code, or SIGKILL.
async function killedImport(data, file, tookMs) {
    const importing = start(data, ["import", file]);
    const moment = random() < 0.34 ? random() * 15 : 5 + random() * tookMs;

    await Promise.race([pause(moment), importing.ended]);
    importing.child.kill("SIGKILL");
    const end = await importing.ended;
    assert.ok(end === "SIGKILL" || end === 0, `${end}: ${importing.stderr}`);
    return end;
}

test("an import that is killed leaves whole batches, and a repeat completes it", async () => {
    const file = join(folder, "cases.jsonl"), undisturbed = join(folder, "undisturbed");
    const count = Math.ceil(kills * 0.4), sum = { kills: 0, empty: 0, part: 0, stores: 0 };

    writeCases(file);
    const before = performance.now();
    succeed(undisturbed, "import", file);
    const tookMs = performance.now() - before;
    const whole = batches(undisturbed);
    assert.equal(whole.flat().length, CASES);

    for (; sum.kills < count; sum.stores++) {
        const data = join(folder, `import-${sum.stores}`);
        let present = 0;
        for (let i = 0; i < KILLS_AN_IMPORT && present < whole.length && sum.kills < count; i++) {
            const end = await killedImport(data, file, tookMs);
            present = demandPrefix(data, whole, end === 0 ? whole.length : present);
            if (end === "SIGKILL") sum.kills++;
            if (present === 0) sum.empty++;
            else if (present < whole.length) sum.part++;
        }
        finishImport(data, file, whole);
        rmSync(data, { recursive: true, force: true });
    }
    console.log(`# ${sum.kills} imports of ${whole.length} batches killed: ${sum.empty} before the ` +
        `first, ${sum.part} before the last; ${sum.stores} stores, all complete after a repeat`);
    assert.ok(count < 30 || sum.part > 0, "no kill came in the middle");
});

// --- a server ---------------------------------------------------------------------------------

// Resolves when it listens, or has ended.
function serve(data) {
    const server = start(data, ["serve", "--listen", "127.0.0.1:0"]);
    server.agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
    server.ready = new Promise((ready) => {
        server.child.stderr.on("data", () => {
            const found = /listening on http:\/\/([^:\s]+):(\d+)/.exec(server.stderr);
            if (found) ready(([, server.host, server.port] = found));
        });
        server.ended.then(() => ready(null), () => ready(null));
    });
    return server;
}

// The reply, or null when none came whole.
function send(server, { method, path, body, headers }) {
    const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const all = { ...headers };
    if (bytes) Object.assign(all, { "Content-Type": "application/json", "Content-Length": bytes.length });
    return new Promise((done) => {
        const { host, port, agent } = server;
        const request = http.request({ host, port, agent, method, path, headers: all }, (reply) => {
            let text = "";
            reply.setEncoding("utf8").on("data", (piece) => (text += piece));
            reply.on("error", () => done(null));
            reply.on("close", () => done(null));
            reply.on("end", () => {
                const json = reply.complete && text !== "" ? JSON.parse(text) : {};
                done(reply.complete ? { status: reply.statusCode, json, text } : null);
            });
        });
        request.on("error", () => done(null));
        request.end(bytes);
    });
}

// --- clients ----------------------------------------------------------------------------------

// What one store should hold; each thing has one word of its own.
const newModel = () => ({ consults: [], tickets: [], cases: [], token: "" });

// One person's work, a request at a time. It goes on where it was after the server died: the
// request that had no answer is sent again as it was.
function* work(model, name) {
    const staff = { Authorization: `Bearer ${model.token}` };
    const post = (path, key, body, headers = {}) => ({
        method: "POST",
        path: `/api/v1/${path}`,
        body,
        headers: key ? { ...headers, "Idempotency-Key": `${name}-${key}` } : headers,
    });

    for (let n = 0; ; n++) {
        const word = `${name}n${n}`;
        const consult = { text: `${word} pump leaks`, state: "open" };
        let reply = yield post("consults", `c${n}`, { text: consult.text });
        consult.id = reply.json.consult_id;
        model.consults.push(consult);
        const answer = reply.json.answers[n % reply.json.answers.length].id;

        yield post(`consults/${consult.id}/opened`, null, { case: answer });
        consult.opened = answer;
        if (n % 4 === 3) {
            yield post(`consults/${consult.id}/outcome`, null, { solved: true, case: answer, rating: 4 });
            consult.state = "solved";
            consult.solvedBy = answer;
            continue;
        }
        yield post(`consults/${consult.id}/outcome`, null, { solved: false, reason: "steps" });
        consult.state = "not_solved";

        const ticket = { title: `Ticket ${word}`, consult, replies: [], links: [] };
        reply = yield post("tickets", `t${n}`, {
            consult_id: consult.id,
            class: "technical",
            channel: "api",
            title: ticket.title,
            text: `It leaks, ${word}`,
        });
        Object.assign(ticket, { n: reply.json.n, key: reply.json.follow_up_url.slice(3) });
        model.tickets.push(ticket);
        consult.ticket = ticket.n;
        for (let i = 0; i <= n % 2; i++) {
            const text = `Reply ${i} to ${word}`;
            yield post(`tickets/${ticket.n}/replies`, `r${n}.${i}`, { text }, { "X-Follow-Up-Key": ticket.key });
            ticket.replies.push(text);
        }
        const link = { case: answer, role: n % 2 ? "resolved_by" : "sent" };
        yield post(`tickets/${ticket.n}/links`, null, link, staff);
        ticket.links.push(link);

        const saved = { id: `made-${word}`, title: `Case ${word} made` };
        yield post("cases", `k${n}`, { ...saved, lang: "en" }, staff);
        model.cases.push(saved);
        reply = yield { method: "GET", path: `/api/v1/search?q=${word}` };
        found(reply.json.hits, saved.id, `a search right after saving`);
    }
}

class Client {
    constructor(model, name) {
        this.steps = work(model, name);
        this.acknowledged = 0;
        this.repeated = 0;
    }

    // Until the server is gone.
    async run(server) {
        this.pending ??= this.steps.next().value;
        while (!this.stopping) await this.once(server);
    }

    async once(server) {
        const reply = await send(server, this.pending);
        if (reply === null || (server.isKilled && reply.status === 503)) {
            assert.ok(server.isKilled, `no answer to ${this.pending.path} from a living server`);
            this.stopping = true;
            this.unseen = true;
            return;
        }
        assert.ok(reply.status >= 200 && reply.status < 300,
            `${this.pending.method} ${this.pending.path}${this.unseen ? " (repeated)" : ""}: ${reply.status} ${reply.text}`);
        this.acknowledged++;
        if (this.unseen) this.repeated++;
        this.unseen = false;
        this.pending = this.steps.next(reply).value;
    }
}

// --- what must be there -----------------------------------------------------------------------

function countBy(list, key) {
    const counts = new Map();
    for (const one of list) counts.set(key(one), (counts.get(key(one)) ?? 0) + 1);
    return counts;
}

// By the journal: what was acknowledged is in it once; nothing at all is in it twice.
function demandOnce(data, model) {
    const entries = dump(data);
    const of = (kind, member) =>
        countBy(entries.filter((entry) => entry.kind === kind), (entry) => member(entry.body));
    const demand = (kind, member, wanted) => {
        const counts = of(kind, member);
        for (const [what, count] of counts) assert.equal(count, 1, `${kind} ${what}: ${count} times`);
        for (const what of wanted) assert.ok(counts.has(what), `${kind} ${what} was acknowledged and is lost`);
        return counts.size;
    };
    demand("consult.open", (body) => body.text, model.consults.map((one) => one.text));
    demand("ticket.open", (body) => body.title, model.tickets.map((one) => one.title));
    demand("ticket.reply", (body) => body.text, model.tickets.flatMap((one) => one.replies));
    demand("case.put", (body) => body.cases[0].id, model.cases.map((one) => one.id));
    return entries.length;
}

async function get(server, model, path) {
    const headers = { Authorization: `Bearer ${model.token}` };
    const reply = await send(server, { method: "GET", path: `/api/v1/${path}`, headers });
    assert.equal(reply?.status, 200, `${path}: ${reply?.text}`);
    return reply.json;
}

async function demandTicket(server, model, ticket) {
    const kept = await get(server, model, `tickets/${ticket.n}`);
    const links = kept.links.map(({ case: id, role }) => ({ case: id, role }));
    assert.equal(kept.title, ticket.title);
    assert.equal(kept.consult.id, ticket.consult.id);
    assert.deepEqual(kept.posts.map((post) => post.text), ticket.replies);
    assert.deepEqual(links, ticket.links);
}

async function demandConsult(server, model, consult) {
    const kept = await get(server, model, `consults/${consult.id}`);
    assert.equal(kept.state, consult.state);
    assert.equal(kept.ticket, consult.ticket);
    assert.deepEqual(kept.opened.map((one) => one.case), consult.opened ? [consult.opened] : []);
}

async function demandCase(server, model, saved) {
    const kept = await get(server, model, `cases/${saved.id}`);
    assert.equal(kept.title, saved.title);
    assert.equal(kept.version, 1);
    const result = await get(server, model, `search?q=${saved.title.split(" ")[1]}`);
    found(result.hits, saved.id, "search after a restart");
}

// No two tickets of one title, and none that nobody opened.
async function demandTickets(server, model) {
    const titles = [];
    for (let before = 0; before !== undefined; ) {
        const page = await get(server, model, `tickets?limit=200${before ? `&before=${before}` : ""}`);
        titles.push(...page.tickets.map((one) => one.title));
        before = page.next;
    }
    assert.deepEqual(titles.sort(), model.tickets.map((one) => one.title).sort());
}

async function demandUses(server, model, ids) {
    const opened = countBy(model.consults, (one) => one.opened);
    const solved = countBy(model.consults, (one) => one.solvedBy);
    const linked = countBy(model.tickets.flatMap((one) => one.links), (one) => `${one.role} ${one.case}`);
    for (const id of ids) {
        const { counts } = await get(server, model, `cases/${id}`);
        assert.equal(counts.opened, opened.get(id) ?? 0, `opened of ${id}`);
        assert.equal(counts.solved, solved.get(id) ?? 0, `solved of ${id}`);
        assert.equal(counts.sent, linked.get(`sent ${id}`) ?? 0, `sent of ${id}`);
        assert.equal(counts.cited, linked.get(`resolved_by ${id}`) ?? 0, `cited of ${id}`);
    }
}

// --- lives of a server ------------------------------------------------------------------------

const CLIENTS = 8;
const LIVES_A_STORE = 11;
const BASE = Array.from({ length: 20 }, (_, i) => `base-${i}`);

function newStore(data) {
    const file = `${data}.jsonl`;
    const model = newModel();
    writeFileSync(file, BASE.map((id) => JSON.stringify({ id, lang: "en", title: `Pump ${id} leaks` }) + "\n").join(""));
    succeed(data, "import", file);
    model.token = succeed(data, "token", "new", "--role", "engineer").match(/af_\w+/)[0];
    model.clients = Array.from({ length: CLIENTS }, (_, i) => new Client(model, `w${i}`));
    return model;
}

// Killed while it starts, works, or (asked to) stops.
async function killedLife(data, model) {
    const server = serve(data);
    const chance = random();
    const whileStarting = chance < 0.12;

    if (whileStarting) await pause(random() * 15);
    else if ((await server.ready) === null) assert.fail(`no server: ${server.stderr}`);
    const running = model.clients.map((client) => {
        client.stopping = false;
        return server.port ? client.run(server) : null;
    });
    const all = Promise.all(running);
    if (!whileStarting) await Promise.race([pause(random() * 350), all]);
    server.isKilled = true;
    if (chance > 0.85) {
        server.child.kill("SIGTERM");
        await pause(random() * 12);
    }
    server.child.kill("SIGKILL");
    const end = await server.ended;
    await all;
    server.agent.destroy();
    if (end !== "SIGKILL") assert.equal(end, 0, server.stderr);
    return end === "SIGKILL";
}

// The requests without an answer are repeated; then everything is looked at.
async function lastLife(data, model) {
    const server = serve(data);
    assert.notEqual(await server.ready, null, server.stderr);
    for (const client of model.clients) if (client.pending) await client.once(server);
    await demandTickets(server, model);
    for (const one of model.tickets) await demandTicket(server, model, one);
    for (const one of model.consults) await demandConsult(server, model, one);
    for (const one of model.cases) await demandCase(server, model, one);
    await demandUses(server, model, BASE);
    server.agent.destroy();
    server.child.kill("SIGTERM");
    assert.equal(await server.ended, 0, server.stderr);
    const stats = JSON.parse(succeed(data, "stats", "--json"));
    assert.equal(stats.consults, model.consults.length);
    assert.equal(stats.tickets, model.tickets.length);
    assert.equal(stats.cases.total, BASE.length + model.cases.length);
    demandSound(data);
    demandOnce(data, model);
}

test("a server that is killed has all it acknowledged, once", async () => {
    const count = kills - Math.ceil(kills * 0.4);
    const sum = { kills: 0, acknowledged: 0, repeated: 0, tickets: 0 };

    for (let store = 0; sum.kills < count; store++) {
        const data = join(folder, `served-${store}`);
        const model = newStore(data);
        for (let life = 0; life < LIVES_A_STORE && sum.kills < count; life++) {
            if (await killedLife(data, model)) sum.kills++;
            demandSound(data);
            demandOnce(data, model);
        }
        await lastLife(data, model);
        for (const client of model.clients) {
            sum.acknowledged += client.acknowledged;
            sum.repeated += client.repeated;
        }
        sum.tickets += model.tickets.length;
        rmSync(data, { recursive: true, force: true });
    }
    console.log(`# ${sum.kills} servers killed: ${sum.acknowledged} answers acknowledged (${sum.tickets} ` +
        `tickets), ${sum.repeated} requests repeated; none lost, none doubled`);
});
