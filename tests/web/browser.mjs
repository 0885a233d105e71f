// browser.mjs: Debian's chromium, and pages that watch themselves: console errors, requests to
// another host, what axe finds, and whether anything sticks out at the side.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { root } from "./server.mjs";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const shots = join(root, "build/screenshots");

export async function startBrowser() {
    mkdirSync(shots, { recursive: true });
    return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

/** A person: a window of their own (no cookies of others) and what went wrong in it. */
export async function newPerson(browser, base, options = {}) {
    const context = await browser.newContext({ locale: "zh-CN", viewport: { width: 1280, height: 800 }, ...options });
    const page = await context.newPage();
    const person = { page, context, base, requests: [], faults: [] };

    page.setDefaultTimeout(10000);
    page.on("request", (request) => {
        const url = new URL(request.url());
        person.requests.push(`${request.method()} ${url.pathname}`);
        if (url.origin !== base) person.faults.push(`a request to ${url.origin}`);
    });
    page.on("console", (message) => {
        // A page that is meant to be a 404 or 422 is no fault; everything else is.
        const meant = /the server responded with a status of (404|409|412|422|403)/.test(message.text());
        if (["error", "warning"].includes(message.type()) && !meant) person.faults.push(message.text());
    });
    page.on("pageerror", (error) => person.faults.push(error.message));
    return person;
}

export async function endPerson(person) {
    await person.context.close();
    assert.deepEqual(person.faults, []);
}

/** axe by way of the debugger: the page's policy would refuse an added script, and should. */
async function axe(person) {
    const session = await person.context.newCDPSession(person.page);
    const run = `${axeSource}; axe.run({ runOnly: ${JSON.stringify(TAGS)} }).then((r) => JSON.stringify(
        r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target + " " + n.failureSummary).join(" | "))))`;
    const { result, exceptionDetails } = await session.send("Runtime.evaluate", { expression: run, awaitPromise: true, returnByValue: true });
    await session.detach();
    assert.equal(exceptionDetails, undefined);
    return JSON.parse(result.value);
}

/** The page as it is now: nothing for axe, nothing sticking out at 320 px, a picture kept. */
export async function inspect(person, name) {
    const { page } = person;
    await page.evaluate(() => Promise.all(document.getAnimations().map((a) => a.finished)));
    await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
    assert.deepEqual(await axe(person), [], `axe on ${name}`);
    const size = page.viewportSize();
    await page.setViewportSize({ width: 320, height: 640 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    await page.screenshot({ path: join(shots, `${name}-320.png`), fullPage: true });
    await page.setViewportSize(size);
    assert.ok(wide <= 320, `${name} is ${wide} px wide in a window of 320`);
}
