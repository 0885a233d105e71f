// GET /api/v1/search.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { answered, encode, refused } from "./expect.mjs";
import { root } from "./server.mjs";
import { test } from "./tap.mjs";

const folder = resolve(root, "data/sample");
export const sample = readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) =>
        readFileSync(resolve(folder, name), "utf8")
            .split("\n")
            .filter(Boolean)
            .map((line) => JSON.parse(line)),
    );
const isHidden = (one) => (one.audience ?? "public") !== "public";

export async function run({ anybody, engineer }) {
    const find = async (client, query) =>
        answered(await client.get(`/api/v1/search?${new URLSearchParams(query)}`), 200);

    await test("a search gives ranked hits with the query as it came", async () => {
        const result = await find(anybody, { q: "wifi keeps dropping" });
        assert.equal(result.query, "wifi keeps dropping");
        assert.equal(result.hits[0].id, "NH-0018");
        assert.ok(result.hits.length <= 10 && result.total >= result.hits.length);
        for (let i = 1; i < result.hits.length; i++)
            assert.ok(result.hits[i - 1].score >= result.hits[i].score);
    });

    await test("staff are told why, and what became of a case that is no hit", async () => {
        const { explain, hits } = await find(engineer, {
            q: "wifi keeps dropping",
            explain: 1,
            case: "PW-0101",
        });
        assert.equal(explain.hits.length, hits.length);
        assert.equal(explain.hits[0].id, hits[0].id);
        assert.equal(explain.case.fate, "no_word");
        assert.equal(explain.searches[0].search, "typed");
        assert.ok(explain.groups.some((group) => group.text === "wifi" && group.looks));
        refused(await anybody.get("/api/v1/search?q=wifi&explain=1"), 401, "sign-in");
        refused(await engineer.get("/api/v1/search?q=wifi&explain=2"), 422, "invalid");
        assert.equal((await find(anybody, { q: "wifi" })).explain, undefined);
    });

    await test("the verdict says what to do with the list", async () => {
        const verdict = async (q) => (await find(anybody, { q })).verdict;
        const page = async (q) => (await anybody.get(`/?q=${encode(q)}`)).text;
        const opened = /<details class="answer"[^>]* open>/;
        assert.equal(await verdict("wifi keeps dropping"), "sure");
        assert.equal(await verdict("printer"), "likely"); // many fit, none is ahead
        assert.equal(await verdict("how to bake bread"), "none");
        assert.match(await page("wifi keeps dropping"), opened);
        assert.doesNotMatch(await page("printer"), opened);
        assert.doesNotMatch(await page("printer"), /data-note="unlikely"/);
        assert.match(await page("how to bake bread"), /data-note="unlikely"/);
    });

    await test("facets count hits by product, category and language", async () => {
        const { facets, hits } = await find(anybody, { q: "wifi", limit: 100, facets: "product,lang" });
        assert.deepEqual(Object.keys(facets).sort(), ["lang", "product"]);
        assert.ok(facets.lang.complete);
        for (const { value, count } of facets.lang.values)
            assert.equal(count, hits.filter((hit) => hit.lang === value).length);
        refused(await anybody.get("/api/v1/search?q=wifi&facets=audience"), 422, "invalid");
    });

    await test("another spelling is suggested when it finds much more", async () => {
        assert.equal((await find(anybody, { q: "wifi dropping" })).suggestion, undefined);
        assert.equal((await find(anybody, { q: "wifi droping" })).suggestion, "wifi dropping");
    });

    await test("cases like a case leave it and hidden ones out", async () => {
        const { hits } = answered(await anybody.get("/api/v1/cases/NH-0018/similar?limit=5"), 200);
        const hidden = sample.filter(isHidden).map((one) => one.id);
        assert.ok(hits.length > 0 && hits.length <= 5);
        assert.ok(hits.every((hit) => hit.id !== "NH-0018" && !hidden.includes(hit.id)));
        refused(await anybody.get("/api/v1/cases/nobody/similar"), 404, "not-found");
        refused(await anybody.get(`/api/v1/cases/${encode(hidden[0])}/similar`), 404, "not-found");
    });

    await test("one or two characters find, in every script of the library", async () => {
        for (const q of ["网", "路由", "斷", "印", "プ", "Wi", "5", "灯", "燈"])
            assert.ok((await find(anybody, { q })).total > 0, q);
    });

    await test("every public case is found by its own title, among the first", async () => {
        for (const one of sample.filter(
            (c) => !isHidden(c) && !["wip", "archived"].includes(c.state),
        )) {
            const ids = (await find(anybody, { q: one.title, limit: 3 })).hits.map((hit) => hit.id);
            assert.ok(ids.includes(one.id), `${one.id}: ${ids}`);
        }
    });

    await test("a case that is not public is never shown to anybody, but to a token", async () => {
        const hidden = sample.filter(isHidden);
        assert.ok(hidden.length >= 3);
        for (const one of hidden) {
            for (const q of [one.title, one.id, one.cause ?? one.title]) {
                const ids = (await find(anybody, { q: q.slice(0, 300), limit: 100 })).hits.map(
                    (hit) => hit.id,
                );
                assert.ok(!ids.includes(one.id), `${one.id} is shown`);
            }
            assert.ok(
                (await find(engineer, { q: one.title })).hits.some((hit) => hit.id === one.id),
            );
            refused(await anybody.get(`/api/v1/cases/${encode(one.id)}`), 404, "not-found");
            assert.equal(
                answered(await engineer.get(`/api/v1/cases/${encode(one.id)}`), 200).id,
                one.id,
            );
        }
    });

    await test("a hidden case and a missing one are told with the same words", async () => {
        const hidden = sample.find(isHidden).id;
        const there = (await anybody.get(`/api/v1/cases/${encode(hidden)}`)).json;
        const missing = (await anybody.get("/api/v1/cases/XX-9999")).json;
        assert.equal(there.detail.replace(hidden, "XX-9999"), missing.detail);
        assert.deepEqual(Object.keys(there), Object.keys(missing));
    });

    await test("product, category and language filter", async () => {
        const one = sample.find((c) => c.id === "NH-0018");
        for (const hit of (await find(anybody, { q: "wifi", product: one.product, limit: 50 }))
            .hits)
            assert.equal(hit.product, one.product);
        for (const hit of (await find(anybody, { q: "wifi", lang: "ja", limit: 50 })).hits)
            assert.equal(hit.lang, "ja");
        const zh = await find(anybody, { q: "路由器", lang: "zh", limit: 50 });
        assert.deepEqual([...new Set(zh.hits.map((h) => h.lang))].sort(), ["zh-Hans", "zh-Hant"]);
        const inCategory = (
            await find(anybody, { q: "wifi", category: one.category[0], limit: 50 })
        ).hits;
        assert.ok(inCategory.some((h) => h.id === one.id));
        for (const hit of inCategory)
            assert.ok(
                [sample.find((c) => c.id === hit.id).category].flat().includes(one.category[0]),
                hit.id,
            );
        assert.equal((await find(anybody, { q: "wifi", product: "no such product" })).total, 0);
    });

    await test("limit and offset page without gaps or repeats", async () => {
        const all = (await find(anybody, { q: "wifi", limit: 20 })).hits.map((h) => h.id);
        const pages = [];
        for (let offset = 0; offset < all.length; offset += 4)
            pages.push(
                ...(await find(anybody, { q: "wifi", limit: 4, offset })).hits.map((h) => h.id),
            );
        assert.deepEqual(pages.slice(0, all.length), all);
        assert.equal((await find(anybody, { q: "wifi", limit: 1 })).hits.length, 1);
    });

    await test("limits out of range are refused and named", async () => {
        for (const limit of [
            "0",
            "101",
            "-1",
            "+5",
            "1.5",
            "1e1",
            "",
            "abc",
            "99999999999999999999",
            "٣",
            " 5",
        ]) {
            const problem = refused(
                await anybody.get(`/api/v1/search?q=x&limit=${encodeURIComponent(limit)}`),
                422,
                "invalid",
            );
            assert.match(problem.detail, /limit/);
        }
        refused(await anybody.get("/api/v1/search?q=x&offset=901"), 422, "invalid");
        answered(await anybody.get("/api/v1/search?q=x&limit=100&offset=900"), 200);
    });

    await test("nothing asked, or only blanks, finds nothing", async () => {
        for (const query of [
            "",
            "?q=",
            "?q=%20%09%0A",
            "?q=%E3%80%80",
            "?q=%E2%80%8B",
            "?q=...",
            "?q=%22%22",
        ]) {
            const result = answered(await anybody.get(`/api/v1/search${query}`), 200);
            assert.equal(result.hits.length, 0, query);
        }
    });

    await test("any text is a query: emoji, marks, right-to-left, operators, markup", async () => {
        const queries = [
            "😀",
            "e\u0301\u0301\u0301",
            "שלום wifi",
            "\u202Ewifi\u202C",
            "\u200Bwifi",
            "<script>alert(1)</script>",
            "' OR 1=1 --",
            "wifi AND NOT (",
            '"wifi',
            "*",
            "%",
            "\\",
            "\u{10FFFF}",
            "ﷺ".repeat(50),
            "a".repeat(3000),
            "\u0301".repeat(800),
            "𠮷野家",
        ];
        for (const q of queries) assert.equal((await find(anybody, { q })).query, q);
    });

    await test("the first q counts, unknown parameters do not matter", async () => {
        assert.equal(
            (
                await find(anybody, [
                    ["q", "wifi"],
                    ["q", "printer"],
                    ["x", "y"],
                ])
            ).query,
            "wifi",
        );
    });

    await test("snippets and marks are inside their texts, at characters", async () => {
        for (const q of ["wifi dropping", "路由器 红灯", "プリンター 紙"]) {
            for (const hit of (await find(anybody, { q, limit: 20 })).hits) {
                for (const [text, marks] of [
                    [hit.title, hit.title_marks],
                    [hit.snippet, hit.snippet_marks],
                ]) {
                    const bytes = Buffer.from(text);
                    let last = 0;
                    for (const [start, end] of marks) {
                        assert.ok(
                            start >= last && end > start && end <= bytes.length,
                            `${hit.id}: ${start}-${end} of ${bytes.length}`,
                        );
                        assert.ok(
                            !bytes.subarray(start, end).toString().includes("\uFFFD"),
                            `${hit.id}: a mark cuts a character`,
                        );
                        last = end;
                    }
                }
            }
        }
    });

    await test("questions that say nothing, or too much, are answered, twice the same", async () => {
        const pieces = [];
        for (let cp = 1; cp < 65536; cp += 250)
            pieces.push(
                String.fromCodePoint(
                    ...Array.from({ length: 250 }, (_, i) => cp + i).filter(
                        (c) => (c < 0xd800 || c > 0xdfff) && c < 65536,
                    ),
                ),
            );
        const nothing = [
            ...["", " ", "?!\u2026", "🖨️🔥👩‍👩‍👧"],
            ...["\u200b\ufeff", "\u0301\u0301", "\u202e\u2066"],
        ];
        const much = ["a", "1", "é", "1 2 3 4 "].map((c) => c.repeat(1000));
        const both = [
            "\u202bالطابعة\u202c 打印机 \u2067x\u2069",
            "\u2067wifi\u2069 \u200fהמדפסת\u200e keeps dropping",
        ];
        const ids = (result) => result.hits.map((hit) => hit.id);
        for (const q of [...nothing, ...much, ...both, ...pieces]) {
            const first = await find(anybody, { q });
            assert.deepEqual(ids(first), ids(await find(anybody, { q })));
            if (nothing.includes(q)) assert.equal(first.total, 0, JSON.stringify(q));
        }
        assert.equal(ids(await find(anybody, { q: both[1] }))[0], "NH-0018");
        const cut = await find(anybody, { q: "wifi keeps dropping ".repeat(300) });
        assert.ok(cut.query_cut);
        assert.equal(ids(cut)[0], "NH-0018");
        // Three bytes are nine in an address, which has a limit of its own.
        refused(
            await anybody.get(`/api/v1/search?q=${encode("打".repeat(1000))}`),
            431,
            "header-too-large",
        );
        answered(await anybody.post("/api/v1/consults", { text: "打".repeat(1000) }), 201);
    });

    await test("searching counts nothing", async () => {
        const counts = async () =>
            answered(await engineer.get("/api/v1/cases/NH-0018"), 200).counts;
        const before = await counts();
        for (let i = 0; i < 5; i++) await find(anybody, { q: "wifi keeps dropping" });
        assert.deepEqual(await counts(), before);
    });
}
