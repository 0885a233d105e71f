// form_test.mjs: the ticket form, as people fill it in: what is asked, what is wrong, and that nothing
// typed is ever lost. `node --test tests/web`.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { endPerson, inspect, newPerson, startBrowser } from "./browser.mjs";
import { join } from "node:path";
import { password, root, startServer } from "./server.mjs";

let server;
let browser;

before(async () => {
    server = await startServer();
    browser = await startBrowser();
});

after(async () => {
    await browser?.close();
    await server?.stop();
});

const person = (options) => newPerson(browser, server.base, { locale: "en", ...options });
const emergency = () => `${server.base}/ticket/new?severity=S1`;
const saved = (page) => page.waitForFunction(() => document.querySelector(".saved").textContent.length > 0);
const label = (page, id) => page.locator(`label[for="${id}"]`).textContent();

async function signIn(page) {
    await page.fill("#name", "admin");
    await page.fill("#password", password);
    await page.click("main button.primary");
}

test("what is asked follows product and class, and answers come back with them", async () => {
    const p = await person();
    const { page } = p;
    await page.goto(emergency());
    assert.match(page.url(), /d=[0-9a-f]{32}$/, "an address of its own");
    assert.deepEqual(await page.locator(".severity .help").allTextContents(), [
        "The service is down and nobody can work",
        "A main function is badly degraded",
        "Part of it is affected, or there is a way around",
        "Something to know, or that may go wrong later",
    ]);
    assert.equal(await page.isChecked("input[value=S1]"), true);
    await page.selectOption("#product", "NetHome HG8");
    await page.waitForSelector("#f-lights");
    await page.check("input[value=los_red]");
    assert.equal(await page.isVisible("#f-band"), false, "asked only over Wi-Fi");
    await page.selectOption("#f-link", "wifi");
    assert.equal(await page.isVisible("#f-band"), true);
    await page.selectOption("#f-band", "5g");
    await inspect(p, "form-router");

    await page.focus("#product");
    await page.selectOption("#product", "PrintWorks MFP");
    await page.waitForSelector("#f-task");
    assert.equal(await page.evaluate(() => document.activeElement.id), "product", "the focus stays");
    await page.selectOption("#product", "NetHome HG8");
    await page.waitForSelector("#f-lights");
    assert.equal(await page.isChecked("input[value=los_red]"), true);
    assert.equal(await page.inputValue("#f-band"), "5g");
    await page.selectOption("#product", "");
    await page.selectOption("#class", "complaint");
    await page.waitForSelector("#f-call_back");
    await endPerson(p);
});

test("each faulty field says so, the summary leads to it, and nothing is lost", async () => {
    const p = await person();
    const { page } = p;
    await page.goto(emergency());
    await page.fill("#title", "No signal");
    await page.selectOption("#product", "NetHome HG8");
    await page.waitForSelector("#f-serial");
    await page.fill("#f-serial", "??");
    await page.fill("#f-since", "2999-01-01");
    await page.check("input[value=net_off]");
    await page.click("form.form button.primary");
    await page.waitForSelector(".alert");
    assert.equal(await page.evaluate(() => document.activeElement.className), "alert", "the summary is read first");
    assert.deepEqual(await page.locator(".alert li a").evaluateAll((all) => all.map((a) => a.getAttribute("href"))), [
        "#f-since",
        "#f-serial",
        "#contact",
    ]);
    assert.equal(await page.getAttribute("#f-serial", "aria-invalid"), "true");
    assert.match(await page.getAttribute("#f-serial", "aria-describedby"), /fault-f-serial/);
    assert.match(await page.textContent("#fault-f-since"), /not come yet/);
    assert.equal(await page.inputValue("#f-serial"), "??");
    assert.equal(await page.isChecked("input[value=net_off]"), true);
    await inspect(p, "form-faults");
    await page.click(".alert li:nth-child(2) a");
    assert.equal(await page.evaluate(() => document.activeElement.id), "f-serial");

    await page.fill("#f-serial", "ｈｇ８－123456");
    await page.fill("#f-since", "2026-01-02");
    await page.fill("#phone", "010 1234 5678");
    await page.click("form.form button.primary");
    await page.waitForSelector(".sent");
    const filled = await page.locator(".filled dd").allTextContents();
    assert.deepEqual(filled, ["INTERNET is off", "2026-01-02", "HG8-123456"]);
    await inspect(p, "form-followed");
    for (const [lang, words] of [["zh-Hans", "INTERNET 灯不亮"], ["zh-Hant", "INTERNET 燈不亮"], ["ja", "INTERNET が消灯"]]) {
        await page.goto(`${page.url().split("?")[0]}?lang=${lang}`);
        assert.equal(await page.locator(".filled dd").first().textContent(), words);
    }
    await endPerson(p);
});

test("a browser that dies loses nothing: the address brings it back", async () => {
    const p = await person();
    const { page } = p;
    await page.goto(emergency());
    await page.fill("#title", "It dies");
    await page.fill("#text", "half a sen");
    await saved(page);
    const address = page.url();
    await p.context.close(); // nothing is said to the page, and its storage goes with it
    const q = await person();
    await q.page.goto(address);
    assert.equal(await q.page.inputValue("#title"), "It dies");
    assert.equal(await q.page.inputValue("#text"), "half a sen");
    await q.page.fill("#mail", "a@example.org");
    await q.page.click("form.form button.primary");
    await q.page.waitForSelector(".sent");
    await q.page.goto(address);
    assert.equal(await q.page.inputValue("#text"), "", "sent: the draft is gone");
    await endPerson(q);
    assert.deepEqual(p.faults, []);
});

test("without a connection what is typed stays in the browser, and goes out later", async () => {
    const p = await person();
    const { page } = p;
    await page.goto(emergency());
    await page.route("**/ticket/draft", (route) => route.abort());
    await page.fill("#title", "No line");
    await page.locator("#title").blur();
    await page.waitForFunction(() => /No connection/.test(document.querySelector(".saved").textContent));
    await page.selectOption("#product", "PrintWorks MFP");
    await page.unroute("**/ticket/draft");
    await page.reload();
    assert.equal(await page.inputValue("#title"), "No line");
    await page.waitForSelector("#f-task");
    assert.equal(await page.inputValue("#product"), "PrintWorks MFP");
    const address = page.url();
    await page.waitForFunction(() => localStorage.length === 0);
    p.faults.splice(0); // the requests that were to fail
    await endPerson(p);
    const q = await person();
    await q.page.goto(address);
    assert.equal(await q.page.inputValue("#title"), "No line");
    await endPerson(q);
});

test("without script: asked anew by a button, kept for later, sent", async () => {
    const p = await person({ javaScriptEnabled: false, locale: "ja" });
    const { page } = p;
    await page.goto(emergency());
    await page.fill("#title", "つながらない");
    await page.fill("#text", "一行目\n二行目");
    await page.selectOption("#product", "NetHome HG8");
    await page.click("button[value=update]");
    await page.waitForSelector("#f-lights");
    assert.equal(await page.inputValue("#text"), "一行目\n二行目");
    assert.equal(await page.isVisible("#f-band"), true, "all are there, with a word on when");
    assert.match(await page.textContent("#help-f-band"), /「接続方法」が「Wi-Fi」/);
    await page.check("input[value=off]");
    await page.selectOption("#f-band", "2g");
    await page.click("button[value=later]");
    await page.waitForSelector(".kept");
    await page.screenshot({ path: join(root, "build/screenshots/form-without-script.png"), fullPage: true });
    const address = page.url();
    await page.uncheck("input[value=off]");
    await page.check("input[value=normal]");
    await page.fill("#f-since", "2999-01-01");
    await page.click("form.form button.primary");
    await page.waitForSelector("#fault-f-since");
    const q = await person({ javaScriptEnabled: false, locale: "ja" }); // another device
    await q.page.goto(address);
    assert.equal(await q.page.isChecked("input[value=off]"), false);
    assert.equal(await q.page.isChecked("input[value=normal]"), true);
    assert.equal(await q.page.inputValue("#f-since"), "2999-01-01");
    await q.page.fill("#f-since", "");
    await q.page.fill("#phone", "03-1234-5678");
    await q.page.click("form.form button.primary");
    await q.page.waitForSelector(".sent");
    assert.deepEqual(await q.page.locator(".filled dd").allTextContents(), ["すべて正常"], "what was not asked is left out");
    await endPerson(q);
    await endPerson(p);
});

test("an agent's call outlives his session, and may be saved incomplete", async () => {
    const p = await person();
    const { page } = p;
    await page.goto(`${server.base}/desk`);
    await signIn(page);
    await page.waitForSelector(".tabs");
    const headers = { "If-Match": "*", Origin: server.base };
    const now = await page.request.get(`${server.base}/api/v1/rules/forms`);
    const { doc } = await now.json();
    doc.forms[0].fields.push({ id: "who", kind: "line", label: "Who called", required: true });
    const set = await page.request.put(`${server.base}/api/v1/rules/forms`, { data: doc, headers });
    assert.equal(set.status(), 200, await set.text());

    await page.click("a[href='/ticket/new?channel=phone']");
    await page.waitForSelector("#channel");
    assert.equal(await page.inputValue("#channel"), "phone");
    assert.match(await label(page, "f-who"), /required/);
    await page.fill("#title", "Caller cannot log in");
    await page.fill("#company", "Ace Ltd");
    await page.selectOption("#f-affected", "all");
    await saved(page);
    await inspect(p, "form-agent");
    await page.goto(`${server.base}/desk`);
    await inspect(p, "desk-drafts");
    await page.click("text=Caller cannot log in");
    assert.equal(await page.inputValue("#company"), "Ace Ltd");

    await p.context.clearCookies({ name: "af_session" });
    await page.fill("#text", "typed after the session had ended");
    await page.click("form.form button.primary");
    await page.waitForSelector("#password");
    await signIn(page);
    await page.waitForSelector("#channel");
    assert.equal(await page.inputValue("#text"), "typed after the session had ended");
    assert.equal(await page.inputValue("#f-affected"), "all");
    await page.click("form.form button.primary");
    await page.waitForSelector("#fault-f-who");
    await page.check("input[name=incomplete]");
    await page.click("form.form button.primary");
    await page.waitForSelector(".page-ticket");
    assert.deepEqual(await page.locator(".filled dd").allTextContents(), ["Everybody", "not filled in yet"]);
    await inspect(p, "form-desk-ticket");
    await page.click("text=Change what it is about");
    assert.equal(await page.inputValue("#f-affected"), "all");
    await inspect(p, "form-sort");
    await page.uncheck("input[name=incomplete]");
    await page.click("main button.primary");
    await page.waitForSelector("#fault-f-who");
    await page.fill("#f-who", "Ms Ace");
    await page.selectOption("#type", "account");
    await page.fill("#reason", "asked back");
    await page.click("main button.primary");
    await page.waitForSelector(".page-ticket");
    assert.deepEqual(await page.locator(".filled dd").allTextContents(), ["Everybody", "Ms Ace"]);
    assert.match(await page.textContent("article"), /changed what it is about/);
    const rules = { data: { rules: [{ id: "setup", type: "setup", group: "experts" }], fallback: "desk" }, headers };
    assert.equal((await page.request.put(`${server.base}/api/v1/rules/routing`, rules)).status(), 200);
    await page.click("text=Change what it is about");
    await page.selectOption("#type", "setup");
    await page.click("main button.primary");
    assert.match(await page.textContent(".kept"), /“Experts”/, "said, not done");
    await page.goto(`${server.base}/desk`);
    assert.equal(await page.locator(".enter a").count(), 1, "the draft is gone");
    await endPerson(p);
});

test("a draft is thrown away by its writer", async () => {
    const p = await person();
    const { page } = p;
    await page.goto(emergency());
    const address = page.url();
    await page.fill("#title", "Never mind");
    await saved(page);
    await page.click("button[value=drop]");
    await page.waitForURL(`${server.base}/`);
    await page.goto(address);
    assert.equal(await page.inputValue("#title"), "");
    await endPerson(p);
});
