// GET /api/v1/suggest, over the sample library.
import assert from "node:assert/strict";
import { answered, refused } from "./expect.mjs";
import { test } from "./tap.mjs";

export async function run({ anybody, engineer }) {
    const suggest = async (client, query) =>
        answered(await client.get(`/api/v1/suggest?${new URLSearchParams(query)}`), 200);
    const titles = ({ suggestions }) => suggestions.filter((s) => s.kind === "title");

    await test("what is typed becomes titles, codes, products", async () => {
        for (const [q, id] of [
            ["路由", "NH-0010"],
            ["luyouq", "NH-0010"],
            ["lu'you'q", "NH-0010"],
            ["lyq", "NH-0010"],
            ["印表機顯", "PW-0111"],
            ["printer of", "PW-0116"],
            ["ru-ta-", "NH-0026"],
        ])
            assert.ok(titles(await suggest(anybody, { q })).some((s) => s.id === id), `${q}: ${id}`);
        const { suggestions } = await suggest(anybody, { q: "e-01" });
        assert.deepEqual([suggestions[0].kind, suggestions[0].text], ["code", "E-013"]);
        assert.equal((await suggest(anybody, { q: "printw" })).suggestions[0].kind, "product");
    });

    await test("marks are what was typed, in bytes", async () => {
        const [first] = titles(await suggest(anybody, { q: "lyq" }));
        const bytes = Buffer.from(first.text);
        const [start, end] = first.marks[0];
        assert.equal(bytes.subarray(start, end).toString(), "路由器");
    });

    await test("titles that are not for everybody are for staff alone", async () => {
        const q = "v7.6.0";
        assert.ok(!titles(await suggest(anybody, { q })).some((s) => s.id === "LC-0210"));
        assert.ok(titles(await suggest(engineer, { q })).some((s) => s.id === "LC-0210"));
    });

    await test("the list is as long as asked for, and follows filters and language", async () => {
        assert.ok((await suggest(anybody, { q: "打", limit: 2 })).suggestions.length <= 2);
        for (const limit of ["0", "9", "x"])
            refused(await anybody.get(`/api/v1/suggest?q=a&limit=${limit}`), 422, "invalid");
        const ja = await suggest(anybody, { q: "e", lang: "ja" });
        assert.ok(titles(ja).every((s) => s.lang === "ja"));
        const english = answered(
            await anybody.get("/api/v1/suggest?q=wifi", { headers: { "Accept-Language": "en" } }), 200);
        assert.equal(titles(english)[0].lang, "en");
    });

    await test("what nobody means has no suggestions", async () => {
        for (const q of ["", "   ", "？！", "x".repeat(49), "打".repeat(800)])
            assert.deepEqual((await suggest(anybody, { q })).suggestions, []);
        assert.deepEqual(answered(await anybody.get("/api/v1/suggest"), 200).suggestions, []);
        refused(await anybody.get("/api/v1/suggest?q=%FF"), 400, "malformed");
    });
}
