// openapi.json as a judge: may this call answer so? Objects are closed here, although clients
// must bear new members: what the server sends and the file does not name is a fault.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import Ajv2020 from "ajv/dist/2020.js";
import { root } from "./server.mjs";

export const doc = JSON.parse(readFileSync(resolve(root, "intake/api/openapi.json"), "utf8"));

function close(schema, isPart) {
    if (schema === null || typeof schema !== "object") return;
    if (schema.allOf) {
        schema.unevaluatedProperties = false;
        for (const part of schema.allOf) close(part, true);
        return;
    }
    if (schema.properties && schema.additionalProperties === undefined && !isPart)
        schema.additionalProperties = false;
    for (const [name, child] of Object.entries(schema)) {
        if (name === "properties") Object.values(child).forEach((c) => close(c, false));
        else if (name === "items") close(child, false);
    }
}

const closed = structuredClone(doc);
for (const [name, schema] of Object.entries(closed.components.schemas))
    close(schema, name === "Problem" || name === "Case");
for (const response of Object.values(closed.components.responses))
    for (const { schema } of Object.values(response.content ?? {})) close(schema, false);

const ajv = new Ajv2020.default({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema(closed, "api");
const compiled = new Map();

const escaped = (part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));

export function validator(parts) {
    const ref = `api#/${parts.map(escaped).join("/")}`;
    if (!compiled.has(ref)) compiled.set(ref, ajv.compile({ $ref: ref }));
    return compiled.get(ref);
}

export function check(parts, value, what) {
    const validate = validator(parts);
    if (!validate(value))
        throw new Error(
            `${what}: ${ajv.errorsText(validate.errors, { separator: "\n" })}\n${JSON.stringify(value).slice(0, 600)}`,
        );
}

// Templates with their expressions; the last parameter of a case takes slashes too.
const templates = Object.keys(doc.paths).map((path) => ({
    path,
    pattern: new RegExp(
        "^" + path.replace(/\/cases\/\{id\}$/, "/cases/.+").replace(/\{[^}]+\}/g, "[^/]+") + "$",
    ),
}));

export function operations() {
    const list = [];
    for (const [path, item] of Object.entries(doc.paths))
        for (const [method, operation] of Object.entries(item))
            if (method !== "parameters")
                list.push({ path, method: method.toUpperCase(), operation });
    return list;
}

// Throws unless the description has this reply.
export function judge(method, path, reply) {
    const what = `${method} ${path} answered ${reply.status}`;
    const type = (reply.headers["content-type"] ?? "").split(";")[0];
    const template = templates.find((t) => t.pattern.test(path.split("?")[0]));
    const operation = template && doc.paths[template.path][method.toLowerCase()];
    if (!/^[0-9a-f]{32}$/.test(reply.headers["x-request-id"] ?? ""))
        throw new Error(`${what} without X-Request-Id`);
    if (!operation) {
        if (reply.status >= 400) check(["components", "schemas", "Problem"], reply.json, what);
        return;
    }
    const code = operation.responses[reply.status] ? String(reply.status) : "default";
    if (code === "default" && reply.status < 500 && reply.status !== 431 && reply.status !== 429)
        throw new Error(`${what}, which is not described: ${reply.text}`);
    let parts = ["paths", template.path, method.toLowerCase(), "responses", code];
    let response = operation.responses[code];
    if (response.$ref) {
        parts = response.$ref.slice(2).split("/");
        response = doc.components.responses[parts[2]];
    }
    if (!response.content) {
        if (reply.text !== "") throw new Error(`${what} with a body`);
        return;
    }
    if (!response.content[type]) throw new Error(`${what} as "${type}"`);
    if (reply.json !== undefined) check([...parts, "content", type, "schema"], reply.json, what);
    if (
        reply.status >= 400 &&
        reply.json.request_id !== undefined &&
        reply.json.request_id !== reply.headers["x-request-id"]
    )
        throw new Error(`${what}: request_id is not X-Request-Id`);
}
