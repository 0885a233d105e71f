// server.mjs: a server of our own for a test: a new data folder with the sample cases, a port
// that is free, and an end that is certain.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(fileURLToPath(import.meta.url), "../../..");
const program = process.env.ASKFIRST ?? join(root, "askfirst");
const START_MS = 20000;

export const password = "a-desk-of-one's-own";

function sample() {
    const folder = join(root, "data/sample");
    return readdirSync(folder).filter((name) => name.endsWith(".jsonl")).map((name) => join(folder, name));
}

/** The address from "listening on http://…" on stderr. */
function listening(child) {
    return new Promise((done, fail) => {
        let said = "";
        const timer = setTimeout(() => fail(new Error(`no server after ${START_MS} ms:\n${said}`)), START_MS);
        child.stderr.on("data", (piece) => {
            said += piece;
            const found = /listening on (http:\/\/\S+)/.exec(said);
            if (found) { clearTimeout(timer); done(found[1]); }
        });
        child.once("exit", (code) => { clearTimeout(timer); fail(new Error(`the server ended with ${code}:\n${said}`)); });
    });
}

/** `run`: a program that stands for askfirst. */
export async function startServer(run = program) {
    mkdirSync(join(root, "build/tmp"), { recursive: true });
    const data = mkdtempSync(join(root, "build/tmp/web-"));
    const env = { ...process.env, ASKFIRST_ADMIN_PASSWORD: password };
    try {
        execFileSync(program, ["--data", data, "import", ...sample()], { env, stdio: ["ignore", "ignore", "inherit"] });
    } catch (failure) {
        rmSync(data, { recursive: true, force: true });
        throw failure;
    }
    const child = spawn(run, ["--data", data, "serve", "--listen", "127.0.0.1:0"], { env, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (piece) => { said = (said + piece).slice(-8000); });
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);

    async function stop() {
        process.off("exit", kill);
        if (child.exitCode === null) {
            const ended = new Promise((done) => child.once("exit", done));
            const timer = setTimeout(kill, 10000);
            child.kill("SIGTERM");
            await ended;
            clearTimeout(timer);
        }
        rmSync(data, { recursive: true, force: true });
        // A sanitizer reports leaks here, by its exit code.
        if (child.exitCode !== 0) throw new Error(`the server ended with ${child.exitCode ?? child.signalCode}:\n${said}`);
    }

    try {
        return { base: await listening(child), stop };
    } catch (failure) {
        await stop();
        throw failure;
    }
}
