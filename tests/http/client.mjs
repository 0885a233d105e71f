// Requests: as a program makes them (every reply judged), and as bytes that no program makes.
import http from "node:http";
import net from "node:net";
import { judge } from "./description.mjs";

export class Client {
    constructor(server, headers = {}) {
        this.server = server;
        this.headers = headers;
        this.agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
    }

    // The same server, other headers: who asks.
    as(headers) {
        const other = new Client(this.server, headers);
        other.agent = this.agent;
        return other;
    }

    // `body`: an object becomes JSON; a string or buffer goes as it is.
    send(method, path, body, headers = {}) {
        const raw = typeof body === "string" || Buffer.isBuffer(body);
        const bytes =
            body === undefined
                ? undefined
                : raw
                  ? Buffer.from(body)
                  : Buffer.from(JSON.stringify(body));
        const all = { ...this.headers, ...headers };
        if (bytes !== undefined) all["Content-Length"] = bytes.length;
        if (bytes !== undefined && all["Content-Type"] === undefined)
            all["Content-Type"] = "application/json";
        for (const name of Object.keys(all)) if (all[name] === null) delete all[name];
        return new Promise((done, fail) => {
            const request = http.request(
                {
                    host: this.server.host,
                    port: this.server.port,
                    method,
                    path,
                    headers: all,
                    agent: this.agent,
                    timeout: 30000,
                },
                (response) => {
                    const pieces = [];
                    response.on("data", (piece) => pieces.push(piece));
                    response.on("error", fail);
                    response.on("end", () => {
                        const reply = {
                            status: response.statusCode,
                            headers: response.headers,
                            text: Buffer.concat(pieces).toString(),
                        };
                        try {
                            if (
                                /json/.test(reply.headers["content-type"] ?? "") &&
                                reply.text !== ""
                            )
                                reply.json = JSON.parse(reply.text);
                            if (
                                method !== "HEAD" &&
                                method !== "OPTIONS" &&
                                !path.startsWith("/sign-")
                            )
                                judge(method, path, reply);
                            done(reply);
                        } catch (error) {
                            fail(error);
                        }
                    });
                },
            );
            request.on("timeout", () =>
                request.destroy(new Error(`${method} ${path}: no reply in 30 s`)),
            );
            request.on("error", fail);
            request.end(bytes);
        });
    }

    get(path, headers) {
        return this.send("GET", path, undefined, headers);
    }

    post(path, body, headers) {
        return this.send("POST", path, body, headers);
    }

    put(path, body, headers) {
        return this.send("PUT", path, body, headers);
    }

    // Sends these bytes on a connection of their own; everything that comes until it closes.
    raw(bytes) {
        return new Promise((done, fail) => {
            const socket = net.connect(this.server.port, this.server.host);
            const pieces = [];
            socket.setTimeout(20000, () => socket.destroy(new Error("the connection stays open")));
            socket.on("data", (piece) => pieces.push(piece));
            socket.on("error", (error) => (pieces.length > 0 ? undefined : fail(error)));
            socket.on("close", () => done(Buffer.concat(pieces).toString("latin1")));
            socket.write(bytes);
        });
    }

    close() {
        this.agent.destroy();
    }
}
