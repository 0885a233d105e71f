// web_test.mjs: the main job, as people do it, in a real browser: `node --test tests/web`.
// Needs ./askfirst (or $ASKFIRST), chromium, and `npm ci` in this folder.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { endPerson, inspect, newPerson, startBrowser } from "./browser.mjs";
import { join } from "node:path";
import { password, root, startServer } from "./server.mjs";

let server;
let browser;
let followUp; // path of a ticket that one test makes and the next one works on

before(async () => {
    server = await startServer();
    browser = await startBrowser();
});

after(async () => {
    await browser?.close();
    await server?.stop();
});

async function person(options) {
    return newPerson(browser, server.base, options);
}

async function type(page, text) {
    await page.locator("#q").pressSequentially(text, { delay: 30 });
    await page.waitForSelector(".answer");
}

/** Escape closes the list of suggestions, when there is one; then Down goes to the answers. */
async function toFirstAnswer(page) {
    await page.waitForLoadState("networkidle");
    await page.focus("#q");
    if (await page.isVisible("#suggest")) await page.keyboard.press("Escape");
    await page.keyboard.press("ArrowDown");
}

async function count(page, id, use) {
    await page.goto(`${server.base}/case/${encodeURIComponent(id)}`);
    return Number(await page.locator(`[data-use=${use}]`).textContent());
}

async function signIn(page, next) {
    await page.goto(server.base + next);
    await page.fill("#name", "admin");
    await page.fill("#password", password);
    await page.click("main button.primary");
}

test("answers appear while typing, open by keyboard, and solved counts once", async () => {
    const p = await person();
    const { page } = p;
    await page.goto(server.base);
    await inspect(p, "ask");
    await type(page, "打印机");
    assert.ok(await page.locator(".answer").count() <= 5);
    assert.match(await page.locator(".answer-title").first().textContent(), /打印/);
    assert.ok(await page.locator(".answer-title mark").count() > 0, "what matched is marked");
    assert.ok(!p.requests.some((r) => r.startsWith("POST")), "typing writes nothing");
    await page.waitForFunction(() => /\d/.test(document.querySelector("[role=status]").textContent));
    await inspect(p, "answers");

    await page.focus("#q");
    await toFirstAnswer(page);
    await page.keyboard.press("Enter");
    await page.waitForSelector(".answer[open] .steps");
    await inspect(p, "opened");
    const id = await page.locator(".answer[open]").getAttribute("data-case");
    const other = await p.context.newPage();
    const solvedBefore = await count(other, id, "solved");
    const openedNow = await count(other, id, "opened");
    assert.ok(openedNow >= 1);
    await other.close();

    await page.click(".verdict .yes");
    await page.waitForSelector(".faces");
    await inspect(p, "solved");
    await page.click(".face-5");
    await page.waitForSelector(".thanks:not(:has(.faces))");
    assert.equal(await count(page, id, "solved"), solvedBefore + 1);
    await inspect(p, "case");
    await endPerson(p);
});

test("a case's page leads to cases like it, never to itself", async () => {
    const p = await person({ locale: "en" });
    const { page } = p;
    await page.goto(`${server.base}/case/PW-0122`);
    const links = page.locator(".similar a");
    const titles = await links.allTextContents();
    assert.ok(titles.length >= 1 && titles.length <= 5, titles.join(" | "));
    assert.ok(!titles.includes(await page.locator("h1").textContent()), "not itself");
    assert.equal(new Set(titles).size, titles.length, "each once");
    await inspect(p, "similar");

    await links.first().focus();
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => /\/case\//.test(url.pathname) && !url.pathname.endsWith("PW-0122"));
    assert.equal(await page.locator("h1").textContent(), titles[0]);
    await endPerson(p);
});

test("arrows walk the answers, Escape returns to the box, Tab order is the reading order", async () => {
    const p = await person();
    const { page } = p;
    await page.goto(server.base);
    await type(page, "打印机");
    await toFirstAnswer(page);
    await page.keyboard.press("ArrowDown");
    const at = () => page.evaluate(() => [...document.querySelectorAll(".answer > summary")].indexOf(document.activeElement));
    assert.equal(await at(), 1);
    await page.keyboard.press("ArrowUp");
    assert.equal(await at(), 0);
    await page.keyboard.press("Escape");
    assert.equal(await page.evaluate(() => document.activeElement.id), "q");
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.notEqual(outline, "none", "focus is visible");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), "提问");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.id), "product");
    await endPerson(p);
});

test("an input method sends nothing before its text is committed", async () => {
    const p = await person();
    const { page } = p;
    await page.goto(server.base);
    await page.focus("#q");
    const session = await p.context.newCDPSession(page);
    const asked = () => p.requests.filter((r) => r === "GET /answers").length;
    for (const text of ["d", "da", "da y", "da yin", "da yin ji"]) {
        await session.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
        await page.waitForTimeout(160);
    }
    assert.equal(asked(), 0);
    await session.send("Input.insertText", { text: "打印机" });
    await page.waitForSelector(".answer");
    assert.equal(asked(), 1);
    await endPerson(p);
});

test("suggestions stand under the box and over no answer; keys, mouse and Escape", async () => {
    const p = await person();
    const { page } = p;
    const selected = () => page.evaluate(() => [...document.querySelectorAll("#suggest [role=option]")].findIndex((o) => o.getAttribute("aria-selected") === "true"));
    await page.goto(server.base);
    await type(page, "luyouq");
    await page.waitForSelector("#suggest [role=option]");
    assert.equal(await page.getAttribute("#q", "aria-expanded"), "true");
    const count = await page.locator("#suggest [role=option]").count();
    assert.ok(count >= 2 && count <= 6);
    assert.equal(await page.locator("#suggest mark").first().textContent(), "路由器");
    const boxes = await page.evaluate(() => [document.querySelector("#suggest"), document.querySelector(".answer > summary")].map((e) => e.getBoundingClientRect().toJSON()));
    assert.ok(boxes[0].bottom <= boxes[1].top, "the list hides no answer");
    assert.ok(boxes[1].bottom <= 800, "the first answer is in the window");
    await inspect(p, "suggest");

    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    assert.equal(await selected(), 1);
    assert.equal(await page.getAttribute("#q", "aria-activedescendant"), "suggest-1");
    assert.equal(await page.inputValue("#q"), "luyouq", "walking the list changes nothing");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    assert.equal(await selected(), -1);
    for (let i = 0; i <= count; i++) await page.keyboard.press("ArrowDown");
    assert.equal(await page.evaluate(() => document.activeElement.closest(".answer") !== null), true, "past the last one come the answers");
    await page.keyboard.press("Escape");
    assert.equal(await page.evaluate(() => document.activeElement.id), "q");
    await page.keyboard.press("Escape");
    assert.equal(await page.isHidden("#suggest"), true);
    assert.equal(await page.inputValue("#q"), "luyouq", "Escape only closes the list");

    await page.fill("#q", "");
    await type(page, "printw");
    await page.waitForSelector("#suggest [data-kind=product]");
    const product = await page.getAttribute("#suggest [data-kind=product]", "data-text");
    await page.click("#suggest [data-kind=product]");
    assert.equal(await page.inputValue("#q"), product);
    assert.equal(await page.inputValue("#product"), product);
    assert.equal(await page.evaluate(() => document.activeElement.id), "q");
    await page.waitForFunction(() => location.search.includes("product="));
    assert.equal(await page.isHidden("#suggest"), true);

    await page.selectOption("#product", "");
    await page.fill("#q", "");
    await page.waitForFunction(() => !document.querySelector(".answer"));
    await type(page, "打印机显");
    await page.waitForSelector("#suggest [role=option]");
    const wanted = await page.getAttribute("#suggest [role=option]", "data-text");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    assert.equal(await page.inputValue("#q"), wanted);
    await page.waitForFunction((text) => document.querySelector(".answer-title")?.textContent === text, wanted);
    await endPerson(p);
});

test("suggestions come while an input method composes, and leave it alone", async () => {
    const p = await person();
    const { page } = p;
    await page.goto(server.base);
    await page.focus("#q");
    const session = await p.context.newCDPSession(page);
    for (const text of ["l", "lu", "lu'y", "lu'you", "lu'you'q"])
        await session.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
    await page.waitForSelector("#suggest [role=option]");
    assert.equal(await page.locator("#suggest mark").first().textContent(), "路由器");
    assert.equal(p.requests.filter((r) => r === "GET /answers").length, 0);
    await session.send("Input.imeSetComposition", { text: "lu'you'qi", selectionStart: 9, selectionEnd: 9 });
    assert.equal(await page.inputValue("#q"), "lu'you'qi", "the composition goes on");
    await session.send("Input.insertText", { text: "路由器" });
    await page.waitForSelector(".answer");
    assert.equal(await page.inputValue("#q"), "路由器");
    await endPerson(p);
});

test("suggestions in four languages, on a phone in one row", async () => {
    for (const [locale, typed, word] of [["zh-CN", "打", "案例"], ["zh-TW", "印", "案例"], ["en-US", "pri", "case"], ["ja-JP", "ルー", "事例"]]) {
        const p = await person({ locale, viewport: { width: 320, height: 640 } });
        await p.page.goto(server.base);
        await p.page.locator("#q").pressSequentially(typed);
        await p.page.waitForSelector("#suggest [data-kind=title]");
        assert.equal(await p.page.locator("#suggest [data-kind=title] .suggest-kind").first().textContent(), word);
        const box = await p.page.locator("#suggest").boundingBox();
        assert.ok(box.height <= 64, `one row: ${box.height}`);
        await inspect(p, `suggest-${locale}`);
        await endPerson(p);
    }
});

test("first letters alone find what they stand for, and the page says so", async () => {
    const p = await person();
    const { page } = p;
    await page.goto(server.base);
    await type(page, "lyq");
    assert.match(await page.locator("[data-note=initials]").textContent(), /路由器/);
    assert.equal(await page.locator(".answer-title mark").first().textContent(), "路由器");
    await inspect(p, "initials");
    await endPerson(p);
});

test("a long pasted message is asked like a short one", async () => {
    const p = await person();
    const { page } = p;
    const pasted = "打印机缺纸 E-013。".repeat(300);
    await page.goto(server.base);
    await page.fill("#q", pasted);
    await page.waitForSelector(".answer");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector("#ask [name=c]").value.length === 32);
    await page.locator(".answer > summary").first().click();
    await page.waitForSelector(".answer[open] .verdict");
    await page.click(".still button");
    await page.waitForSelector("form[data-draft]");
    await endPerson(p);

    const q = await person({ javaScriptEnabled: false });
    await q.page.goto(server.base);
    await q.page.fill("#q", pasted);
    await q.page.click(".ask-row button");
    await q.page.waitForSelector(".answer");
    assert.ok((await q.page.inputValue("#q")).length > 1000, "the whole question is still in the box");
    await endPerson(q);
});

test("an answer that comes late does not replace a newer one", async () => {
    const p = await person();
    const { page } = p;
    await page.goto(server.base);
    let held = 0;
    await page.route("**/answers?*", async (route) => {
        const first = held++ === 0;
        if (first) await new Promise((done) => setTimeout(done, 700));
        await route.continue().catch(() => {}); // the page has given the first one up
    });
    await page.locator("#q").pressSequentially("发票");
    await page.waitForTimeout(250);
    await page.fill("#q", "打印机");
    await page.waitForSelector(".answer");
    await page.waitForTimeout(800);
    assert.match(await page.locator(".answer-title").first().textContent(), /打印/);
    await endPerson(p);
});

test("not solved leads to the next answer, then to a ticket that carries everything", async () => {
    const p = await person();
    const { page } = p;
    await page.goto(server.base);
    await type(page, "打印机缺纸");
    await toFirstAnswer(page);
    await page.keyboard.press("Enter");
    await page.waitForSelector(".verdict");
    await page.click(".no > summary");
    await page.click(".chip:nth-of-type(1)");
    await inspect(p, "not-solved");
    await page.click(".no button[value=next]");
    await page.waitForSelector("li:nth-child(2) > .answer[open] .verdict");
    await page.click("li:nth-child(2) .no > summary");
    await page.click("li:nth-child(2) .no button[value=ticket]");
    await page.waitForSelector("form[data-draft]");
    assert.equal(await page.inputValue("#title"), "打印机缺纸");
    assert.equal(await page.locator(".side .trail a").count(), 2, "both opened answers are attached");
    await inspect(p, "ticket-form");

    await page.fill("#text", "换了新纸盒之后一直这样。");
    await page.reload();
    assert.equal(await page.inputValue("#text"), "换了新纸盒之后一直这样。", "the draft is kept");
    await page.click("form.form button.primary");
    await page.waitForSelector("#fault-contact");
    assert.equal(await page.inputValue("#text"), "换了新纸盒之后一直这样。", "nothing typed is lost");
    await inspect(p, "ticket-form-refused");
    assert.match(await page.getAttribute(".langs a[hreflang=en]", "href"), /^\/ticket\/new\?c=/);
    await page.fill("#mail", "wang@example.com");
    await page.click("form.form button.primary");
    await page.waitForSelector(".sent");
    assert.match(await page.textContent(".sent h2"), /AF-\d{4}-\d{6}/);
    await inspect(p, "ticket-sent");
    assert.equal(await page.evaluate(() => localStorage.length), 0, "the draft is gone");
    followUp = new URL(await page.inputValue("#link")).pathname;
    await endPerson(p);
});

test("staff find the ticket with prior cases beside it, and citing one counts", async () => {
    const p = await person();
    const { page } = p;
    await page.goto(`${server.base}/desk`);
    assert.equal(new URL(page.url()).pathname, "/sign-in", "nobody else sees the desk");
    await inspect(p, "sign-in");
    await page.fill("#name", "admin");
    await page.fill("#password", "wrong password");
    await page.click("main button.primary");
    await page.waitForSelector(".alert");
    await signIn(page, "/desk");
    await page.waitForSelector(".list");
    await inspect(p, "desk");
    await page.click(".td-title a");
    await page.waitForSelector(".prior");
    assert.match(await page.textContent(".box .trail"), /打印机缺纸/);
    const id = await page.locator(".prior").first().getAttribute("data-case");
    const ticket = page.url();
    const citedBefore = await count(page, id, "cited");
    await page.goto(ticket);
    await page.locator(".prior summary").first().click();
    await inspect(p, "desk-ticket");

    await page.click(".move-take");
    await page.waitForSelector(".state-in_progress");
    await page.locator(".prior button[value=resolved_by]").first().click();
    await page.waitForSelector(".linked [data-role=resolved_by]");
    await page.locator(`.prior[data-case="${id}"] button[value=sent]`).click();
    await page.waitForFunction(() => /\/case\//.test(document.querySelector("#text").value));
    await page.click("#reply button[value=customer]");
    await page.waitForSelector(".post-staff");
    await page.fill("#text", "内部：已电话确认");
    await page.click("#reply button[value=internal]");
    await page.waitForSelector(".post-internal");
    await page.click(".move-resolve");
    await page.waitForSelector(".move-close");
    assert.equal(await count(page, id, "cited"), citedBefore + 1);
    await endPerson(p);
});

test("the work list has the most urgent first, and shows a group's or one's own", async () => {
    for (const [severity, title] of [["S4", "呼び鈴が鳴らない"], ["S1", "全网瘫痪"], ["S2", "전화가 끊깁니다"]]) {
        const answer = await fetch(`${server.base}/api/v1/tickets`, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ class: "non_technical", channel: "web", severity, title }),
        });
        assert.equal(answer.status, 201);
    }
    const p = await person();
    const { page } = p;
    await signIn(page, "/sign-in?next=/desk");
    await page.waitForSelector(".list");
    const titles = await page.locator(".td-title a").allTextContents();
    const places = ["全网瘫痪", "전화가 끊깁니다", "呼び鈴が鳴らない"].map((title) => titles.indexOf(title));
    assert.ok(places[0] === 0 && places[0] < places[1] && places[1] < places[2], titles.join(" | "));
    assert.match(await page.locator("time.due").first().textContent(), /剩 \d+ 分钟/);
    const open = Number(await page.locator(".tabs [aria-current] .n").textContent());
    assert.equal(open, titles.length);

    await page.selectOption("#group", "experts");
    await page.click(".filters button");
    await page.waitForSelector(".empty");
    assert.equal(await page.locator(".tabs [aria-current] .n").textContent(), "0");
    await page.selectOption("#group", "");
    await page.check(".filters [name=mine]");
    await page.click(".filters button");
    await page.waitForURL(/mine=1/);
    const mine = await page.locator(".td-title a").allTextContents(); // what admin took above
    assert.ok(mine.length < open && !mine.includes("全网瘫痪"), mine.join(" | "));
    await page.click(".tabs a:last-of-type");
    assert.match(page.url(), /state=all.*mine=1/, "other filters stay");
    await inspect(p, "desk-mine");
    await endPerson(p);
});

test("an admin changes the vocabulary, line by line told what is wrong, and takes it along", async () => {
    const p = await person();
    const { page } = p;
    await signIn(page, "/sign-in?next=/desk/vocabulary");
    await page.waitForSelector("#text");
    await page.click(".rules summary");
    await inspect(p, "vocabulary");
    await page.click(".rules summary");

    await page.fill("#text", "墨盒, 墨仓\n孤单\nhttp: 打印, 列印\n");
    await page.click("button.primary");
    await page.waitForSelector(".faults");
    assert.deepEqual(await page.locator(".faults tbody td:first-child").allTextContents(), ["2", "3"]);
    assert.match(await page.inputValue("#text"), /孤单\nhttp/, "what was typed is still there");
    await inspect(p, "vocabulary-refused");

    const words = "墨盒, 墨仓\nlaptop, notebook > pc\n# 注释\n";
    await page.setInputFiles("#file", { name: "words.txt", mimeType: "text/plain", buffer: Buffer.from(words) });
    await page.waitForFunction((text) => document.querySelector("#text").value === text, words);
    await page.click("button.primary");
    await page.waitForSelector(".saved");
    const file = await page.request.get(`${server.base}/desk/vocabulary.txt`);
    assert.match(file.headers()["content-disposition"], /attachment/);
    assert.equal(await file.text(), words, "the same text comes back, with its own line ends");

    await page.fill("#tried", "墨仓换了");
    await page.click(".try button");
    assert.match(await page.textContent(".understood"), /墨盒 ★/);
    await inspect(p, "vocabulary-tried");

    // Somebody else saves in between: nothing is lost, nothing overwritten.
    const other = await p.context.newPage();
    await other.goto(`${server.base}/desk/vocabulary`);
    await page.goto(`${server.base}/desk/vocabulary`);
    await other.fill("#text", "墨盒, 墨仓\n");
    await other.click("button.primary");
    await other.waitForSelector(".saved");
    await page.fill("#text", "mine, 我的\n");
    await page.click("button.primary");
    await page.waitForSelector(".alert");
    assert.equal(await page.inputValue("#text"), "mine, 我的\n");
    assert.equal(await (await page.request.get(`${server.base}/desk/vocabulary.txt`)).text(), "墨盒, 墨仓\n");
    await endPerson(p);
});

test("the vocabulary works without script, on a phone and in four languages, and is for admins", async () => {
    const p = await person({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
    const { page } = p;
    await page.goto(`${server.base}/desk/vocabulary`);
    assert.equal(new URL(page.url()).pathname, "/sign-in", "nobody else sees it");
    await signIn(page, "/sign-in?next=/desk/vocabulary");
    assert.ok(!await page.locator(".import").isVisible(), "no box that needs script");
    for (const lang of ["zh-Hans", "zh-Hant", "en", "ja"]) {
        await page.goto(`${server.base}/desk/vocabulary?lang=${lang}`);
        await page.fill("#text", "孤单");
        await page.click("main button.primary");
        await page.waitForSelector(".faults");
        assert.equal(await page.getAttribute("html", "lang"), lang);
    }
    assert.match(await page.textContent(".faults"), /一つだけ/);
    await page.fill("#text", "墨盒, 墨仓");
    await page.click("main button.primary");
    await page.waitForSelector(".saved");
    await p.context.clearCookies();
    assert.match((await page.request.get(`${server.base}/desk/vocabulary.txt`)).url(), /sign-in/);
    await endPerson(p);
});

test("an admin replaces a document of rules, told what is wrong and where, and tries the routing", async () => {
    const p = await person();
    const { page } = p;
    await signIn(page, "/sign-in?next=/desk/rules");
    await page.waitForSelector(".docs");
    await inspect(p, "rules");
    await page.click('.docs a[href="/desk/rules/routing"]');
    await page.waitForSelector("#text");
    const shipped = JSON.parse(await page.inputValue("#text"));
    assert.equal(shipped.fallback, "desk");
    const typed = '{"rules":[{"id":"a","severity":"S9","group":"desk"},{"id":"a","group":"nobody"}],"fallback":"desk"}';
    await page.fill("#text", typed);
    await page.click("main button.primary");
    await page.waitForSelector(".faults");
    assert.equal(await page.inputValue("#text"), typed, "what was typed is still there");
    const faults = await page.locator(".faults tbody tr").allTextContents();
    assert.ok(faults.length >= 2 && faults.some((row) => row.includes("rules[1].group")), faults.join(" | "));
    await inspect(p, "rules-faults");
    await page.fill("#text", "{");
    await page.click("main button.primary");
    await page.waitForSelector(".alert bdi");

    await page.fill("#text", '{"rules":[{"id":"urgent","severity":"S1","group":"experts"},{"id":"ja","lang":"ja","group":"rd"}],"fallback":"desk"}');
    await page.click("main button.primary");
    await page.waitForSelector(".saved");
    assert.match(await page.textContent(".saved"), /1/);
    const file = await page.request.get(`${server.base}/desk/rules/routing/file`);
    assert.equal(JSON.parse(await file.text()).rules.length, 2);

    await page.goto(`${server.base}/desk/rules/routing`); // two windows: the second to save is told
    const other = await p.context.newPage();
    await other.goto(`${server.base}/desk/rules/routing`);
    await other.fill("#text", '{"rules":[{"id":"urgent","severity":"S1","group":"experts"}],"fallback":"desk"}');
    await other.click("main button.primary");
    await other.waitForSelector(".saved");
    await page.fill("#text", '{"rules":[],"fallback":"rd"}');
    await page.click("main button.primary");
    await page.waitForSelector(".alert");
    assert.equal(await page.inputValue("#text"), '{"rules":[],"fallback":"rd"}');
    await other.close();

    await page.goto(`${server.base}/desk/route?severity=S1&lang=en`);
    await page.waitForSelector(".chosen");
    assert.match(await page.textContent("section h2"), /Experts/);
    assert.match(await page.textContent(".chosen"), /urgent/);
    await inspect(p, "route");
    await page.fill("#r-severity", "S2");
    await page.click("main button.primary");
    await page.waitForFunction(() => /Service desk/.test(document.querySelector("section h2").textContent));
    assert.match(await page.locator(".faults tbody tr").first().textContent(), /severity/);
    await page.goto(`${server.base}/desk/rules/routing?lang=zh-Hans`);
    await page.fill("#text", '{"rules":[],"fallback":"desk"}'); // as the other tests found it
    await page.click("main button.primary");
    await page.waitForSelector(".saved");
    await endPerson(p);
});

test("two engineers at one ticket learn of each other, and nobody's text is lost", async () => {
    const made = await fetch(`${server.base}/api/v1/tickets`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ channel: "phone", title: "No dial tone", severity: "S3" }),
    });
    const { n } = await made.json();
    const lin = await person({ locale: "en" });
    const mori = await person({ locale: "en" });
    for (const { page } of [lin, mori]) await signIn(page, `/sign-in?next=/desk/${n}`);
    // Both have the page open; Mori answers first.
    await mori.page.fill("#text", "Please unplug it for a minute.");
    await mori.page.click('.reply button[value="customer"]');
    await mori.page.waitForSelector(".post-staff");
    await lin.page.fill("#text", "Is the socket live?");
    const [answer] = await Promise.all([
        lin.page.waitForResponse((r) => r.url().endsWith(`/desk/${n}/reply`)),
        lin.page.click('.reply button[value="customer"]'),
    ]);
    assert.equal(answer.status(), 412);
    assert.match(await lin.page.locator(".changed").textContent(), /Please unplug it for a minute/);
    assert.equal(await lin.page.inputValue("#text"), "Is the socket live?");
    await inspect(lin, "desk-changed");
    // Having read it he sends all the same: two posts.
    await lin.page.click('.reply button[value="customer"]');
    await lin.page.waitForFunction(() => document.querySelectorAll(".post-staff").length === 2);
    // A note to himself collides with nothing; a step does, and its reason is kept.
    await mori.page.fill("#text", "She sounded tired.");
    await mori.page.click('.reply button[value="internal"]');
    await mori.page.waitForSelector(".post-internal");
    await lin.page.fill("#reason", "mine");
    await lin.page.click(".move-take");
    await lin.page.waitForSelector(".changed");
    assert.equal(await lin.page.inputValue("#reason"), "mine");
    await lin.page.click(".move-take");
    await lin.page.waitForSelector(".state-in_progress");
    for (const p of [lin, mori]) await endPerson(p);
});

test("the customer follows the ticket by its link and sees no internal words", async () => {
    const p = await person();
    const { page } = p;
    await page.goto(server.base + followUp);
    await page.waitForSelector(".post-staff");
    const text = await page.textContent("main");
    assert.ok(!text.includes("内部") && !text.includes("admin"));
    await inspect(p, "follow-up");
    await page.fill("#text", "还是不行");
    await page.click("#reply button");
    await page.waitForSelector(".state-in_progress");
    const reply = await p.context.request.get(server.base + followUp, { headers: { Accept: "application/json" } });
    const ticket = await reply.json();
    assert.equal(ticket.posts.at(-1).text, "还是不行");
    await endPerson(p);
});

test("everything works without script", async () => {
    const p = await person({ javaScriptEnabled: false });
    const { page } = p;
    await page.goto(server.base);
    await page.fill("#q", "路由器");
    await page.click(".ask-row button");
    await page.waitForSelector(".answer");
    await page.locator(".answer > summary").first().click();
    await page.locator(".answer[open] .open button").click();
    await page.waitForSelector(".answer[open] .case");
    await page.locator(".no > summary").click();
    await page.locator(".no button[value=next]").click();
    await page.waitForSelector("li:nth-child(2) > .answer[open] .case");
    await page.locator("li:nth-child(2) .yes").click();
    await page.waitForSelector(".faces");
    await page.click(".face-4");
    await page.waitForSelector(".thanks:not(:has(.faces))");

    await page.goto(`${server.base}/?q=${encodeURIComponent("路由器")}`);
    await page.click(".still button");
    await page.waitForSelector("form[data-draft]");
    await page.fill("#phone", "010 1234 5678");
    await page.click("form.form button.primary");
    await page.waitForSelector(".sent");
    await endPerson(p);
});

test("four languages, each page in its own, and the choice is kept", async () => {
    const p = await person({ locale: "en-GB" });
    const { page } = p;
    await page.goto(server.base);
    assert.equal(await page.getAttribute("html", "lang"), "en");
    for (const [tag, title] of [["zh-Hant", "遇到了什麼問題？"], ["ja", "どうしましたか？"], ["zh-Hans", "遇到了什么问题？"]]) {
        await page.click(`.langs a[hreflang=${tag}]`);
        assert.equal(await page.getAttribute("html", "lang"), tag);
        assert.equal(await page.textContent("h1"), title);
        await type(page, "E-013");
        assert.ok(await page.getAttribute(".answer-title", "lang"), "a case says its own language");
        await inspect(p, `answers-${tag}`);
        await page.goto(server.base);
        assert.equal(await page.getAttribute("html", "lang"), tag);
    }
    await endPerson(p);
});

test("a search that did not see everything says so, quietly, in four languages", async () => {
    const overloaded = await startServer(join(root, "build", process.env.MODE ?? "release", "tests/web/overloaded"));
    try {
        for (const [locale, note, status] of [
            ["zh-CN", /没有看完所有案例/, /^至少 \d+ 条/], ["zh-TW", /沒有看完所有案例/, /^至少 \d+ 筆/],
            ["en-GB", /not every case was looked at/, /^at least \d+ results/], ["ja-JP", /調べていない事例/, /^\d+ 件以上/]]) {
            const p = await newPerson(browser, overloaded.base, { locale });
            await p.page.goto(overloaded.base);
            assert.equal(await p.page.locator("[data-note]").count(), 0, "nothing was asked yet");
            await type(p.page, "E-013");
            assert.match(await p.page.textContent("[data-note=degraded]"), note);
            await p.page.waitForFunction(() => /\d/.test(document.querySelector("[role=status]").textContent));
            assert.match((await p.page.textContent("[role=status]")).trim(), status);
            await inspect(p, `overloaded-${locale}`);
            await endPerson(p);
        }
    } finally {
        await overloaded.stop();
    }
    const p = await person();
    await p.page.goto(server.base);
    await type(p.page, "E-013");
    assert.equal(await p.page.locator("[data-note]").count(), 0, "the usual search has nothing to say");
    await endPerson(p);
});

test("another spelling is offered, and asked by a click", async () => {
    for (const [locale, typed, meant, words] of [
        ["en-GB", "wifi keeps droping", "wifi keeps dropping", /Did you mean/],
        ["zh-CN", "打印机却纸", "打印机缺纸", /您是不是要找/],
        ["zh-TW", "打印机却纸", "打印机缺纸", /您是不是要找/],
        ["ja-JP", "wifi keeps droping", "wifi keeps dropping", /もしかして/]]) {
        const p = await newPerson(browser, server.base, { locale });
        await p.page.goto(server.base);
        await type(p.page, typed);
        assert.match(await p.page.textContent("[data-note=suggestion]"), words);
        await inspect(p, `suggestion-${locale}`);
        await p.page.click("[data-note=suggestion] a");
        await p.page.waitForURL(/q=/);
        assert.equal(await p.page.inputValue("[name=q]"), meant);
        assert.equal(await p.page.locator("[data-note=suggestion]").count(), 0);
        await endPerson(p);
    }
});

test("nothing found, nothing there: pages that say what to do next", async () => {
    const p = await person();
    const { page } = p;
    await page.goto(`${server.base}/?q=qqxxzzvv`);
    await page.waitForSelector(".none");
    await inspect(p, "no-result");
    await page.click(".still button");
    await page.waitForSelector("form[data-draft]");
    for (const path of ["/nothing", "/case/no-such-case", "/t/0123456789abcdef0123456789abcdef"]) {
        const reply = await page.goto(server.base + path);
        assert.equal(reply.status(), 404);
        assert.equal(await page.textContent("h1"), "这里没有内容");
    }
    await inspect(p, "not-found");
    await endPerson(p);
});

test("dark, on a phone, and at twice the text size nothing sticks out", async () => {
    const p = await person({ colorScheme: "dark", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    const { page } = p;
    await page.goto(`${server.base}/?q=${encodeURIComponent("打印机")}`);
    await page.locator(".answer > summary").first().click();
    await page.waitForSelector(".verdict");
    await inspect(p, "dark-phone");
    await endPerson(p);

    const q = await person({ viewport: { width: 640, height: 800 }, deviceScaleFactor: 2 });
    await q.page.goto(`${server.base}/?q=${encodeURIComponent("打印机")}`);
    assert.ok(await q.page.evaluate(() => {
        document.documentElement.style.fontSize = "200%"; // set by the debugger, not by the page
        return document.documentElement.scrollWidth <= innerWidth;
    }));
    await endPerson(q);
});

test("what a case or a person writes is text, never markup", async () => {
    const p = await person();
    const { page } = p;
    const evil = "<img src=x onerror=alert(1)>\"'</title><script>alert(2)</script>\u202Egnp";
    await page.goto(`${server.base}/?q=${encodeURIComponent(evil)}`);
    assert.equal(await page.inputValue("#q"), evil);
    assert.equal(await page.locator("main img, main script").count(), 0);
    await page.goto(`${server.base}/ticket/new?severity=S1`);
    await page.fill("#title", evil);
    await page.fill("#text", evil);
    await page.fill("#mail", "a@example.com");
    await page.click("form.form button.primary");
    await page.waitForSelector(".sent");
    assert.equal(await page.textContent("article > h1"), evil);
    assert.equal(await page.locator("main img, main script").count(), 0);
    await endPerson(p);
});

test("a form from another site is refused", async () => {
    const p = await person();
    const { request } = p.context;
    const form = { q: "打印机", product: "", c: "" };
    const cross = await request.post(`${server.base}/ask`, { form, headers: { "Sec-Fetch-Site": "cross-site" }, maxRedirects: 0 });
    assert.equal(cross.status(), 403);
    const origin = await request.post(`${server.base}/ask`, { form, headers: { Origin: "http://evil.example" }, maxRedirects: 0 });
    assert.equal(origin.status(), 403);
    const own = await request.post(`${server.base}/ask`, { form, headers: { Origin: server.base }, maxRedirects: 0 });
    assert.equal(own.status(), 303);
    await signIn(p.page, "/sign-in?next=/desk");
    await p.page.waitForSelector(".tabs");
    const desk = await request.post(`${server.base}/desk/1/reply`, { form: { text: "x" }, headers: { Origin: server.base }, maxRedirects: 0 });
    assert.equal(desk.status(), 403, "the session's token is demanded");
    await endPerson(p);
});
