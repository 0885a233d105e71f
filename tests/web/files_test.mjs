// files_test.mjs: files of a ticket in a browser, without script: the customer sends a picture and a
// log, sees them, saves one; the desk sees them and adds one for itself. What would run is refused.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { endPerson, inspect, newPerson, startBrowser } from "./browser.mjs";
import { password, root, startServer } from "./server.mjs";
import { join } from "node:path";

const picture = readFileSync(join(root, "intake/web/screenshot.png"));
const log = { name: "日志 1.log", mimeType: "text/html", buffer: Buffer.from("2026-11-22 <script>alert(1)</script>\n") };
const page1 = { name: "报告.html", mimeType: "text/plain", buffer: Buffer.from("<!DOCTYPE html><script>document.title='ran'</script>") };
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

async function signIn(page) {
    await page.goto(`${server.base}/sign-in`);
    await page.fill("#name", "admin");
    await page.fill("#password", password);
    await page.click("main button.primary");
    await page.waitForURL(/\/desk/);
}

test("files go both ways without script, and none of them becomes a page", async () => {
    const desk = await newPerson(browser, server.base, { javaScriptEnabled: false });
    await signIn(desk.page);
    const opened = await desk.context.request.post(`${server.base}/api/v1/tickets`, {
        data: { channel: "phone", title: "打印机冒烟" },
        headers: { Origin: server.base },
    });
    const { n, follow_up_url } = await opened.json();

    const p = await newPerson(browser, server.base, { javaScriptEnabled: false });
    const { page } = p;
    await page.goto(server.base + follow_up_url);
    await page.setInputFiles("#file", [{ name: "冒烟.png", mimeType: "text/plain", buffer: picture }, log, page1]);
    await page.click(".files button");
    await page.waitForURL(/#files$/);
    assert.deepEqual(await page.locator(".files li > a bdi").allTextContents(), ["冒烟.png", "日志 1.log", "报告.html"]);
    await page.locator(".files img").scrollIntoViewIfNeeded();
    await page.waitForFunction(() => document.querySelector(".files img").naturalWidth > 100).catch(() => {});
    assert.ok((await page.locator(".files img").boundingBox()).width > 20, "the picture is shown");
    const [saved] = await Promise.all([page.waitForEvent("download"), page.locator(".files li > a", { hasText: "报告.html" }).click()]);
    assert.equal(saved.suggestedFilename(), "报告.html");
    const sent = await p.context.request.get(`${server.base}${follow_up_url}/files/3?show`);
    assert.match(sent.headers()["content-disposition"], /^attachment/);
    assert.equal(sent.headers()["content-type"], "text/plain");
    assert.match(sent.headers()["content-security-policy"], /sandbox/);

    await page.setInputFiles("#file", [{ name: "setup.png", mimeType: "image/png", buffer: Buffer.from("MZ\0\0") }]);
    await page.click(".files button");
    await page.waitForLoadState();
    assert.match(await page.textContent("main"), /setup\.png/);

    await desk.page.goto(`${server.base}/desk/${n}`);
    assert.equal(await desk.page.locator(".files li").count(), 3);
    await desk.page.setInputFiles("#file", [{ name: "内部.txt", mimeType: "text/plain", buffer: Buffer.from("for us") }]);
    await desk.page.check(".files input[name=internal]");
    await desk.page.click(".files button");
    await desk.page.waitForURL(/#files$/);
    assert.equal(await desk.page.locator(".files li").count(), 4);
    assert.equal(await desk.page.locator(".files .tag-internal").count(), 1);
    await page.goto(server.base + follow_up_url);
    assert.equal(await page.locator(".files li").count(), 3);
    assert.equal((await p.context.request.get(`${server.base}${follow_up_url}/files/4`)).status(), 404);
    const other = await p.context.request.post(`${server.base}${follow_up_url}/files`, {
        multipart: { file: { name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("x") } },
        headers: { Origin: "http://evil.example" },
    });
    assert.equal(other.status(), 403);
    await endPerson(p);
    await endPerson(desk);
});

test("the files of a ticket are within reach of everybody, in four languages", async () => {
    const desk = await newPerson(browser, server.base);
    await signIn(desk.page);
    const opened = await desk.context.request.post(`${server.base}/api/v1/tickets`, {
        data: { channel: "phone", title: "路由器红灯" },
        headers: { Origin: server.base },
    });
    const { follow_up_url } = await opened.json();
    const words = { "zh-Hans": "附件", "zh-Hant": "附件", en: "Files", ja: "添付ファイル" };
    const p = await newPerson(browser, server.base);
    await p.page.goto(server.base + follow_up_url);
    await p.page.setInputFiles("#file", [{ name: "a.png", mimeType: "image/png", buffer: picture }]);
    await p.page.click(".files button");
    for (const [lang, word] of Object.entries(words)) {
        await p.page.goto(`${server.base}${follow_up_url}?lang=${lang}`);
        assert.equal(await p.page.textContent(".files h2"), word);
    }
    await inspect(p, "files");
    await endPerson(p);
    await endPerson(desk);
});
