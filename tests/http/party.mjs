// Who asks: accounts, contacts, entitlements; whose ticket it is; what is handed to LTC.
import assert from "node:assert/strict";
import { answered, refused } from "./expect.mjs";
import { test } from "./tap.mjs";

const api = (path) => `/api/v1/${path}`;
const exact = { "If-Match": "*" };

export async function run({ anybody, engineer, admin }) {
    await test("an admin keeps accounts and entitlements, staff keep contacts", async () => {
        const made = await admin.put(api("accounts/acme"), {
            name: "Acme",
            domains: ["ACME.example"],
            rep: "wang.li",
        });
        assert.deepEqual(answered(made, 200).domains, ["acme.example"]);
        assert.equal(made.headers.etag, '"1"');
        const lin = {
            account: "acme",
            name: "Lin",
            kind: "customer",
            identities: { phone: "138 0013 8000", mail: ["Lin@Acme.example"] },
        };
        const contact = answered(await engineer.put(api("contacts/lin"), lin), 200);
        assert.deepEqual(contact.identities.phone, ["+8613800138000"]);
        answered(
            await admin.put(api("entitlements/K-1"), {
                account: "acme",
                kind: "contract",
                from: "2020-01-01",
                to: "2099-12-31",
            }),
            200,
        );
        refused(await engineer.put(api("accounts/x"), { name: "X" }), 403, "denied");
        refused(await engineer.put(api("entitlements/x"), { name: "X" }), 403, "denied");
        refused(await anybody.get(api("contacts/lin")), 401, "sign-in");
        refused(await anybody.get(api("contacts")), 401, "sign-in");
    });

    await test("two who write at once learn of each other", async () => {
        const before = await engineer.get(api("contacts/lin"));
        const { version, at, updated, ...contact } = answered(before, 200);
        refused(await engineer.put(api("contacts/lin"), contact), 428, "precondition-required");
        refused(
            await engineer.put(api("contacts/lin"), contact, { "If-Match": '"77"' }),
            412,
            "changed",
        );
        const same = await engineer.put(api("contacts/lin"), contact, {
            "If-Match": before.headers.etag,
        });
        assert.equal(answered(same, 200).version, version);
        contact.region = "east";
        const changed = await engineer.put(api("contacts/lin"), contact, exact);
        assert.equal(answered(changed, 200).version, version + 1);
        assert.ok(at && updated);
        refused(
            await engineer.put(api("contacts/lin"), { ...contact, id: "other" }, exact),
            422,
            "invalid",
        );
    });

    await test("every fault is told with its place, and another's identity is a conflict", async () => {
        const { errors } = refused(
            await engineer.put(api("contacts/bad"), {
                kind: "king",
                identities: { phone: ["1"], fax: "2" },
            }),
            422,
            "invalid",
        );
        assert.deepEqual(errors.map(({ place }) => place).sort(), ["identities.phone[0]"]);
        const shape = refused(
            await engineer.put(api("contacts/bad"), { kind: "king", fax: "2" }),
            422,
            "invalid",
        );
        assert.deepEqual(shape.errors.map(({ place }) => place).sort(), ["fax", "kind", "name"]);
        refused(
            await engineer.put(api("contacts/second"), {
                name: "L",
                kind: "customer",
                identities: { phone: "13800138000" },
            }),
            409,
            "conflict",
        );
        refused(await engineer.get(api("contacts/none")), 404, "not-found");
        refused(await engineer.get(api("contacts/a%20b")), 404, "not-found");
    });

    await test("whoever asks is found, however it is written", async () => {
        for (const [query, by] of [
            ["phone=0086-138%200013%208000", "phone"],
            ["phone=%EF%BC%91%EF%BC%93%EF%BC%98%EF%BC%90%EF%BC%90%EF%BC%91%EF%BC%93%EF%BC%98%EF%BC%90%EF%BC%90%EF%BC%90", "phone"],
            ["mail=LIN@acme.example", "mail"],
        ]) {
            const found = answered(await engineer.get(api(`contacts?${query}`)), 200);
            assert.deepEqual([found.by, found.contact.id, found.account.id], [by, "lin", "acme"]);
        }
        const colleague = answered(await engineer.get(api("contacts?mail=new@acme.example")), 200);
        assert.deepEqual([colleague.by, colleague.contact], ["domain", undefined]);
        refused(await engineer.get(api("contacts?phone=13900139000")), 404, "not-found");
        const list = answered(await engineer.get(api("contacts?account=acme&limit=1")), 200);
        assert.deepEqual(list.contacts.map(({ id }) => id), ["lin"]);
        answered(await engineer.get(api("accounts")), 200);
        answered(await engineer.get(api("entitlements?account=acme")), 200);
        refused(await engineer.get(api("contacts?limit=0")), 422, "invalid");
    });

    await test("what he may expect is said with its reason", async () => {
        const check = async (query) =>
            answered(await engineer.get(api(`entitled?${query}`)), 200);
        assert.equal((await check("contact=lin&product=HG8")).by, "K-1");
        assert.equal((await check("contact=lin&at=2019-06-01")).result, "none");
        assert.equal((await check("")).result, "no_data");
        refused(await engineer.get(api("entitled?contact=none")), 404, "not-found");
        refused(await engineer.get(api("entitled?at=soon")), 422, "invalid");
    });

    let number;
    await test("a ticket is his, and he sees nothing of it", async () => {
        const opened = answered(
            await engineer.post(api("tickets"), {
                title: "It hums",
                channel: "phone",
                serial: "sn 1",
                contact: { phone: "(86) 138-0013-8000" },
            }),
            201,
        );
        number = opened.n;
        const ticket = answered(await engineer.get(api(`tickets/${number}`)), 200);
        assert.deepEqual(
            [ticket.party, ticket.account, ticket.rep, ticket.entered_by_role, ticket.serial],
            ["lin", "acme", "wang.li", "agent", "SN1"],
        );
        assert.equal(ticket.entitlement.result, "standard");
        const key = opened.follow_up_url.split("/").pop();
        const his = answered(await anybody.get(api(`tickets/${number}?key=${key}`)), 200);
        for (const member of ["party", "account", "rep", "entitlement", "entered_by_role"])
            assert.equal(his[member], undefined);
    });

    await test("an agent says whose it is, at the version he read", async () => {
        const before = await engineer.get(api(`tickets/${number}`));
        const nobody = await engineer.post(
            api(`tickets/${number}/party`),
            { reason: "a wrong number" },
            { "If-Match": before.headers.etag },
        );
        assert.equal(answered(nobody, 200).party, undefined);
        refused(
            await engineer.post(
                api(`tickets/${number}/party`),
                { contact: "lin" },
                { "If-Match": before.headers.etag },
            ),
            412,
            "changed",
        );
        const his = answered(
            await engineer.post(api(`tickets/${number}/party`), { contact: "lin" }),
            200,
        );
        assert.equal(his.party_by, "agent");
        refused(
            await engineer.post(api(`tickets/${number}/party`), { contact: "none" }),
            422,
            "invalid",
        );
        refused(await anybody.post(api(`tickets/${number}/party`), {}), 401, "sign-in");
    });

    await test("what he asked before is read newest first", async () => {
        for (const title of ["Second", "Third"])
            answered(
                await engineer.post(api("tickets"), {
                    title,
                    channel: "phone",
                    contact: { phone: "13800138000" },
                }),
                201,
            );
        const page = answered(await engineer.get(api("contacts/lin/history?limit=2")), 200);
        assert.deepEqual(page.history.map(({ title }) => title), ["Third", "Second"]);
        const rest = answered(
            await engineer.get(api(`contacts/lin/history?limit=2&before=${page.next}`)),
            200,
        );
        assert.deepEqual(rest.history.map(({ title }) => title), ["It hums"]);
        assert.equal(rest.next, undefined);
        const all = answered(await engineer.get(api("accounts/acme/history")), 200);
        assert.equal(all.history.length, 3);
        refused(await engineer.get(api("contacts/none/history")), 404, "not-found");
        refused(await engineer.get(api("contacts/lin/history?before=x")), 422, "invalid");
        refused(await anybody.get(api("contacts/lin/history")), 401, "sign-in");
    });

    await test("a signed-in program's consult is its person's", async () => {
        const consult = answered(
            await engineer.post(api("consults"), {
                text: "wifi drops",
                channel: "wechat",
                contact: { phone: "13800138000" },
            }),
            201,
        );
        answered(
            await anybody.post(api("consults"), {
                text: "wifi drops",
                contact: { phone: "13800138000" },
            }),
            201,
        );
        const { history } = answered(await engineer.get(api("contacts/lin/history")), 200);
        assert.deepEqual(
            history.filter(({ what }) => what === "consult").map((row) => row.consult),
            [consult.consult_id ?? consult.id],
        );
    });

    await test("contacts become one, with what both asked", async () => {
        answered(
            await engineer.put(api("contacts/old"), {
                name: "Old",
                kind: "customer",
                identities: { phone: "13700137000" },
            }),
            200,
        );
        answered(
            await engineer.post(api("tickets"), {
                title: "Of old",
                channel: "phone",
                contact: { phone: "13700137000" },
            }),
            201,
        );
        const one = answered(await engineer.post(api("contacts/lin/merge"), { from: "old" }), 200);
        assert.deepEqual(one.merged, ["old"]);
        const { history } = answered(await engineer.get(api("contacts/lin/history")), 200);
        assert.equal(history[0].title, "Of old");
        refused(await engineer.post(api("contacts/lin/merge"), { from: "old" }), 409, "conflict");
        refused(await engineer.post(api("contacts/lin/merge"), { from: "no" }), 404, "not-found");
    });

    await test("an enquiry goes to LTC, and its answer to who asked", async () => {
        const opened = answered(
            await anybody.post(api("tickets"), { title: "A price", class: "non_technical" }),
            201,
        );
        const ticket = answered(await engineer.get(api(`tickets/${opened.n}`)), 200);
        assert.equal(ticket.entitlement.result, "no_data");
        const path = api(`enquiries/${ticket.enquiry}`);
        assert.equal(answered(await engineer.get(path), 200).ticket, opened.n);
        answered(await engineer.post(`${path}/steps`, { event: "accept" }), 200);
        refused(await engineer.post(`${path}/steps`, { event: "accept" }), 409, "conflict");
        refused(await engineer.post(`${path}/steps`, { event: "answer" }), 422, "invalid");
        refused(await engineer.post(`${path}/steps`, { event: "dance" }), 422, "invalid");
        const done = answered(
            await engineer.post(`${path}/steps`, { event: "answer", reply: "An offer was sent" }),
            200,
        );
        assert.equal(done.state, "answered");
        const key = opened.follow_up_url.split("/").pop();
        const his = answered(await anybody.get(api(`tickets/${opened.n}?key=${key}`)), 200);
        assert.equal(his.posts[0].text, "An offer was sent");

        const made = await engineer.post(
            api("enquiries"),
            { title: "Forty printers", contact: { phone: "13900139000" } },
            { "Idempotency-Key": "printers" },
        );
        const again = await engineer.post(
            api("enquiries"),
            { title: "Forty printers", contact: { phone: "13900139000" } },
            { "Idempotency-Key": "printers" },
        );
        assert.equal(answered(made, 201).n, answered(again, 201).n);
        const open = answered(await engineer.get(api("enquiries?state=open&limit=1")), 200);
        assert.deepEqual(open.enquiries.map(({ title }) => title), ["Forty printers"]);
        refused(await engineer.post(api("enquiries"), { text: "no title" }), 422, "invalid");
        refused(await engineer.get(api("enquiries?state=new")), 422, "invalid");
        refused(await engineer.get(api("enquiries/999999")), 404, "not-found");
        refused(await anybody.get(api("enquiries")), 401, "sign-in");
    });
}
