// closing_test.mjs: how a ticket ends for its customer, in a browser: he confirms, or says no; he is
// asked how it was; what he writes later is not lost. With and without script.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { endPerson, inspect, newPerson, startBrowser } from "./browser.mjs";
import { password, startServer } from "./server.mjs";

let server;
let browser;
let desk; // a signed-in admin's way to the API

before(async () => {
    server = await startServer();
    browser = await startBrowser();
    const p = await newPerson(browser, server.base);
    await p.page.goto(`${server.base}/sign-in`);
    await p.page.fill("#name", "admin");
    await p.page.fill("#password", password);
    await p.page.click("main button.primary");
    await p.page.waitForURL(/\/desk/);
    desk = p.context.request;
});

after(async () => {
    await browser?.close();
    await server?.stop();
});

async function post(path, body) {
    const reply = await desk.post(server.base + path, { data: body, headers: { Origin: server.base } });
    assert.ok(reply.ok(), `${path}: ${reply.status()} ${await reply.text()}`);
    return reply.json();
}

/** A ticket brought so far; its follow-up path. */
async function ticket(state) {
    const { n, follow_up_url } = await post("/api/v1/tickets", { channel: "phone", severity: "S4", title: "路由器红灯闪烁", text: "从昨天晚上开始" });
    const step = (event, more = {}) => post(`/api/v1/tickets/${n}/steps`, { event, ...more });
    if (state === "cancelled") await step("cancel", { reason: "he called" });
    if (state === "resolved" || state === "closed") {
        await step("take");
        await step("resolve", { nothing_to_record: true, reason: "a loose plug" });
    }
    if (state === "closed") await step("close");
    return { n, path: follow_up_url, step };
}

for (const javaScriptEnabled of [true, false])
    test(`the customer confirms and says how it was, ${javaScriptEnabled ? "with" : "without"} script`, async () => {
        const p = await newPerson(browser, server.base, { javaScriptEnabled });
        const { page } = p;
        const { path, n } = await ticket("resolved");
        await page.goto(server.base + path);
        assert.ok(!(await page.textContent("main")).includes("loose plug"), "what the desk says to itself");
        if (javaScriptEnabled) await inspect(p, "ending-resolved");
        await page.click(".ending button");
        await page.waitForSelector(".state-closed");
        if (javaScriptEnabled) await inspect(p, "ending-closed");
        await page.click(".ending a");
        await page.waitForSelector(".scores");
        const survey = page.url();
        if (javaScriptEnabled) await inspect(p, "survey");
        await page.check("input[name=score][value='4']");
        await page.fill("#text", "很快 <b>谢谢</b>");
        await page.click("main button.primary");
        await page.waitForSelector(".sent");
        assert.match(await page.textContent(".sent"), /4/);
        if (javaScriptEnabled) await inspect(p, "survey-thanks");
        const stored = await (await desk.get(`${server.base}/api/v1/tickets/${n}`)).json();
        assert.equal(stored.survey.score, 4);
        assert.equal(stored.survey.text, "很快 <b>谢谢</b>");
        assert.equal(stored.survey.via, "link");
        // once: the page says thank you, and has no form
        await page.goto(survey);
        assert.equal(await page.locator("form.form").count(), 0);
        await page.goto(server.base + path);
        assert.equal(await page.locator(".ending a").count(), 0, "he is not asked again");
        await endPerson(p);
    });

test("a survey without a score says so, keeps the words, and works by keyboard", async () => {
    const p = await newPerson(browser, server.base, { javaScriptEnabled: false, locale: "en" });
    const { page } = p;
    const { n } = await ticket("closed");
    const { survey_url } = await (await desk.get(`${server.base}/api/v1/tickets/${n}/survey`)).json();
    const reply = await p.context.request.post(server.base + survey_url, { form: { text: "well done" }, headers: { Origin: server.base } });
    assert.equal(reply.status(), 422);
    assert.match(await reply.text(), /id="fault-score"[\s\S]*well done/);
    assert.equal((await p.context.request.get(server.base + survey_url)).headers()["x-robots-tag"], "noindex");
    await page.goto(server.base + survey_url);
    assert.match(await page.textContent("legend"), /How satisfied/);
    await page.focus("input[name=score][value='5']");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
    await page.keyboard.type("fine");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".sent");
    assert.match(await page.textContent(".sent"), /4 of 5/);
    // answered from another window meanwhile
    const late = await p.context.request.post(server.base + survey_url, { form: { score: "1" }, headers: { Origin: server.base } });
    assert.equal(late.status(), 409);
    assert.match(await late.text(), /Thank you/);
    assert.equal((await p.context.request.get(`${server.base}/s/${"0".repeat(32)}`)).status(), 404);
    await endPerson(p);
});

test("a no brings the ticket back, and a late word opens one that follows", async () => {
    const p = await newPerson(browser, server.base);
    const { page } = p;
    const { path, step } = await ticket("resolved");
    await page.goto(server.base + path);
    await page.click(".ending a");
    await page.fill("#text", "还在闪");
    await page.click("#reply button");
    await page.waitForSelector(".state-in_progress");
    await step("resolve");
    await step("close", { reason: "known" });
    await page.goto(server.base + path);
    await page.fill("#text", "又来了");
    await page.click("#reply button");
    await page.waitForSelector(".state-in_progress");
    await step("cancel", { reason: "he called" });
    await page.goto(server.base + path);
    await inspect(p, "ending-over");
    await page.fill("#text", "还有一个问题");
    await page.click("#reply button");
    await page.waitForSelector(".sent");
    assert.notEqual(new URL(page.url()).pathname, path);
    assert.match(await page.textContent("main"), /还有一个问题/);
    await inspect(p, "ending-follows");
    await endPerson(p);
});

test("the survey asks in the customer's language", async () => {
    const { n } = await ticket("closed");
    const { survey_url } = await (await desk.get(`${server.base}/api/v1/tickets/${n}/survey`)).json();
    for (const [locale, question] of [["zh-TW", "這次服務您滿意嗎？"], ["ja", "今回の対応に満足していますか。"], ["en", "How satisfied"], ["zh-CN", "这次服务您满意吗？"]]) {
        const p = await newPerson(browser, server.base, { locale });
        await p.page.goto(server.base + survey_url);
        assert.ok((await p.page.textContent("legend")).includes(question), locale);
        await inspect(p, `survey-${locale}`);
        await endPerson(p);
    }
});

test("the desk sees why a ticket is held, states the reason when resolving, and reports a visit", async () => {
    const p = await newPerson(browser, server.base, { locale: "en" });
    const { page } = p;
    await page.goto(`${server.base}/sign-in`);
    await page.fill("#name", "admin");
    await page.fill("#password", password);
    await page.click("main button.primary");
    await page.waitForURL(/\/desk/);
    const { n, follow_up_url } = await post("/api/v1/tickets", { channel: "phone", severity: "S2", title: "Router blinks" });
    const key = follow_up_url.split("/").pop();
    await post(`/api/v1/tickets/${n}/steps`, { event: "take" });
    await page.goto(`${server.base}/desk/${n}`);
    await page.click(".move-resolve");
    await page.waitForSelector(".desk-ending time");
    await post(`/api/v1/tickets/${n}/confirmation?key=${key}`, {});
    await page.reload();
    assert.match(await page.textContent(".desk-ending .alert"), /should have closed/);
    await inspect(p, "desk-held");
    await page.fill("#reason", "a known defect");
    await page.click(".move-close");
    await page.waitForSelector(".visits");
    await inspect(p, "desk-visit");
    await page.fill("#visit-text", "all is well");
    await page.selectOption("#visit-score", "5");
    await page.click(".visit-solved");
    await page.waitForFunction(() => !document.querySelector(".visit-form"));
    assert.match(await page.textContent(".visits"), /done.*5\/5.*all is well/s);

    const other = await ticket("open");
    await other.step("take");
    await page.goto(`${server.base}/desk/${other.n}`);
    await page.fill("#reason", "a loose plug");
    await page.check("input[name=nothing]");
    await page.click(".move-resolve");
    await page.waitForSelector(".state-resolved");
    const stored = await (await desk.get(`${server.base}/api/v1/tickets/${other.n}`)).json();
    assert.equal(stored.nothing_to_record.reason, "a loose plug");
    await endPerson(p);
});
