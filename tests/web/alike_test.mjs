// alike_test.mjs: tickets like the one at hand beside it, and finding tickets by their words.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { endPerson, inspect, newPerson, startBrowser } from "./browser.mjs";
import { password, startServer } from "./server.mjs";

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

async function signedIn(options) {
    const p = await newPerson(browser, server.base, options);
    await p.page.goto(`${server.base}/sign-in`);
    await p.page.fill("#name", "admin");
    await p.page.fill("#password", password);
    await p.page.click("main button.primary");
    await p.page.waitForURL(/\/desk/);
    p.post = async (path, data) => {
        const reply = await p.context.request.post(server.base + path, { data, headers: { Origin: server.base } });
        assert.ok(reply.ok(), `${path}: ${reply.status()} ${await reply.text()}`);
        return reply.json();
    };
    return p;
}

test("beside a ticket: the same customer's, others', and how solved ones were", async () => {
    const p = await signedIn();
    const { page } = p;
    const base = { channel: "phone", product: "NetHome HG8", severity: "S3" };
    const open = (title, mail) => p.post("/api/v1/tickets", { ...base, title, text: "昨晚开始 <b>断网</b>", contact: { mail } });
    const { n } = await open("路由器红灯闪烁，无法上网", "wang@example.com");
    const own = await open("路由器又是红灯，无法上网", "wang@example.com");
    await open("无法上网，路由器红灯", "zhao@example.com");
    const solved = await open("路由器 LOS 红灯，无法上网", "li@example.com");
    await p.post(`/api/v1/tickets/${solved.n}/steps`, { event: "take" });
    await p.post(`/api/v1/tickets/${solved.n}/links`, { case: "NH-0001", role: "resolved_by" });
    await p.post(`/api/v1/tickets/${solved.n}/replies`, { text: "请检查 <光纤> 接头" });
    await p.post(`/api/v1/tickets/${solved.n}/steps`, { event: "resolve" });
    await page.goto(`${server.base}/desk/${n}`);
    const panel = page.locator(".alike-panel");
    const lists = await panel.locator("ul.alike").allTextContents();
    assert.equal(lists.length, 3);
    assert.match(lists[0], /又是红灯/);
    assert.match(lists[1], /无法上网，路由器红灯/);
    assert.match(lists[2], /LOS 红灯[\s\S]*请检查 <光纤> 接头/);
    assert.match(await panel.locator("h3 .tag").textContent(), /2/);
    assert.match(await panel.locator("summary").textContent(), /1[\s\S]*2[\s\S]*1/);
    await panel.locator("summary").click();
    await inspect(p, "alike");
    await panel.locator(`a[href="/desk/${own.n}"]`).first().click();
    await page.waitForURL(new RegExp(`/desk/${own.n}$`));
    await endPerson(p);
});

test("tickets are found by their words from the list, without script", async () => {
    const p = await signedIn({ javaScriptEnabled: false, locale: "en" });
    const { page } = p;
    await p.post("/api/v1/tickets", { channel: "phone", title: "The xylophone hums", text: "in C" });
    await page.goto(`${server.base}/desk`);
    await page.fill("#q", "xylophone");
    await page.press("#q", "Enter");
    await page.waitForURL(/q=xylophone/);
    assert.equal(await page.locator("table.list tbody tr").count(), 1);
    assert.match(await page.textContent("table.list"), /The xylophone hums/);
    assert.equal(await page.inputValue("#q"), "xylophone");
    await page.click("nav.tabs a[href*='state=closed']");
    await page.waitForURL(/state=closed.*q=xylophone/);
    assert.equal(await page.locator("table.list").count(), 0);
    await page.goto(`${server.base}/desk?q=${encodeURIComponent('"><b>')}`);
    assert.equal(await page.inputValue("#q"), '"><b>');
    await endPerson(p);
});
