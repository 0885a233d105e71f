// The program under test: its commands, and a server of our own that is stopped by its pid.
import { spawn, spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const program = process.env.ASKFIRST ?? resolve(root, "askfirst");
export const password = "only for these tests";

export function command(data, ...words) {
    const run = spawnSync(program, ["--data", data, ...words], {
        cwd: root,
        encoding: "utf8",
        timeout: 60000,
    });
    if (run.error) throw run.error;
    return run;
}

export class Server {
    // Resolves once the server says that it listens; fails with what it said otherwise.
    static start(data) {
        const server = new Server();
        server.stderr = "";
        server.process = spawn(program, ["--data", data, "serve", "--listen", "127.0.0.1:0"], {
            cwd: root,
            env: { ...process.env, ASKFIRST_ADMIN_PASSWORD: password },
            stdio: ["ignore", "inherit", "pipe"],
        });
        server.ended = new Promise((done) => {
            server.process.on("exit", (code, signal) => done(code ?? signal));
        });
        return new Promise((ready, fail) => {
            server.process.on("error", fail);
            server.process.stderr.on("data", (text) => {
                server.stderr += text;
                const found = /listening on http:\/\/([^:\s]+):(\d+)/.exec(server.stderr);
                if (!found) return;
                server.host = found[1];
                server.port = Number(found[2]);
                ready(server);
            });
            server.ended.then((code) =>
                fail(new Error(`the server ended with ${code}: ${server.stderr}`)),
            );
        });
    }

    // The exit code after SIGTERM; SIGKILL (and an error) when that takes more than 20 s.
    async stop() {
        const timer = setTimeout(() => this.process.kill("SIGKILL"), 20000);
        this.process.kill("SIGTERM");
        const code = await this.ended;
        clearTimeout(timer);
        return code;
    }
}
