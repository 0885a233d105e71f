// app.js: makes the pages quick. Every step here is a link or a form that works without it;
// this file only sends the same forms by fetch and puts the answer where it belongs.

const TYPING_MS = 120; // quiet before a question is sent
const ADDRESS_CHARS = 5000; // the server reads 8 KB of header
const SPEAK_MS = 500; // quiet before the count is put into the live region

const $ = (selector, root = document) => root.querySelector(selector);

/** Sends a form as the browser would, and gives the fragment as text. */
async function send(form, button, signal) {
    const data = new URLSearchParams(new FormData(form));
    if (button?.name) data.set(button.name, button.value);
    const reply = await fetch(form.getAttribute("action"), {
        method: "POST",
        body: data,
        headers: { "X-Fragment": "1" },
        signal,
    });
    if (!reply.ok) throw new Error(String(reply.status));
    return reply.text();
}

/** Whatever goes wrong: let the browser send the form itself and show what the server says. */
function sendPlainly(form, button) {
    form.dataset.plain = "1";
    form.requestSubmit(button ?? undefined);
}

/* --- asking ------------------------------------------------------------------------------ */

const ask = $("#ask");
if (ask) startAsking(ask, $("#q"), $("#answers"), $("#status"));

function startAsking(form, box, answers, status) {
    let timer = 0;
    let speaker = 0;
    let running = null; // AbortController of the request under way
    let composing = false;
    let shownFor = key();

    function key() {
        return `${box.value.trim()}\n${form.product.value}`;
    }

    /** A request line has room for so much; a longer question goes by the button, as a form. */
    function question() {
        let text = box.value.trim();
        while (String(new URLSearchParams({ text })).length > ADDRESS_CHARS) text = text.slice(0, Math.floor(text.length * 0.8));
        return text;
    }

    function put(html) {
        answers.innerHTML = html;
        clearTimeout(speaker);
        const text = $("[data-status]", answers)?.dataset.status ?? "";
        speaker = setTimeout(() => { status.textContent = text; }, SPEAK_MS);
        if (!status.textContent) status.textContent = text;
        localTimes(answers);
    }

    async function run(load) {
        running?.abort();
        running = new AbortController();
        const mine = running;
        try {
            const html = await load(mine.signal);
            if (mine === running && !composing) put(html); // a stale answer is dropped
            return true;
        } catch (failure) {
            return failure.name === "AbortError";
        }
    }

    function typed() {
        clearTimeout(timer);
        if (composing) return;
        timer = setTimeout(() => {
            if (key() === shownFor) return;
            shownFor = key();
            const query = new URLSearchParams({ q: question(), product: form.product.value, c: form.elements.c.value });
            if (!query.get("q")) form.elements.c.value = "";
            history.replaceState(null, "", query.get("q") ? `/?${query}` : "/");
            run(async (signal) => {
                const reply = await fetch(`/answers?${query}`, { signal });
                if (!reply.ok) throw new Error(String(reply.status));
                return reply.text();
            });
        }, TYPING_MS);
    }

    const suggesting = startSuggesting(form, box, $("#suggest"), question, typed);

    box.addEventListener("compositionstart", () => { composing = true; clearTimeout(timer); });
    box.addEventListener("compositionend", () => { composing = false; typed(); });
    box.addEventListener("input", (event) => { if (!event.isComposing) typed(); });
    form.product.addEventListener("change", typed);

    form.addEventListener("submit", async (event) => {
        if (form.dataset.plain || !box.value.trim()) return;
        event.preventDefault();
        clearTimeout(timer);
        suggesting.hide();
        shownFor = key();
        if (!(await run((signal) => send(form, null, signal)))) sendPlainly(form);
        else adopt(answers);
    });

    // Enter while a candidate is being chosen belongs to the input method.
    box.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.preventDefault();
        if (suggesting.takes(event)) return;
        if (event.key === "ArrowDown" && !event.isComposing) {
            const first = $(".answer > summary", answers);
            if (first) { event.preventDefault(); first.focus(); }
        }
    });

    answers.addEventListener("keydown", (event) => {
        if (event.key === "Escape") { box.focus(); return; }
        if (!event.target.matches(".answer > summary")) return;
        const all = [...answers.querySelectorAll(".answer > summary")];
        const at = all.indexOf(event.target);
        if (event.key === "ArrowDown" && all[at + 1]) { event.preventDefault(); all[at + 1].focus(); }
        if (event.key === "ArrowUp") { event.preventDefault(); (all[at - 1] ?? box).focus(); }
    });

    // An answer opens in place; the first opening is told to the server and brings the text.
    answers.addEventListener("toggle", async (event) => {
        const answer = event.target;
        if (!answer.matches(".answer") || !answer.open) return;
        const body = $(".answer-body", answer);
        const open = $("form.open", body);
        if (!open || body.getAttribute("aria-busy")) return;
        open.elements.c.value = form.elements.c.value;
        body.setAttribute("aria-busy", "true");
        try {
            body.innerHTML = await send(open);
            adopt(body);
            localTimes(body);
        } catch {
            // the form with its button stays: it shows what is wrong
        }
        body.removeAttribute("aria-busy");
    }, true);

    /** The consult that the server began goes into every form of the page. */
    function adopt(root) {
        const id = $("[data-consult]", root)?.dataset.consult || $("input[name=c]", root)?.value;
        if (!id) return;
        for (const field of document.querySelectorAll("input[name=c]")) field.value = id;
    }

    // "Next answer" needs no server: it closes this one and opens the one below.
    answers.addEventListener("submit", (event) => {
        const then = event.submitter;
        if (then?.name !== "then" || then.value !== "next") return;
        event.preventDefault();
        const answer = event.target.closest(".answer");
        const next = $(".answer", answer.closest("li").nextElementSibling ?? document.createElement("i"));
        answer.open = false;
        if (next) next.open = true;
        (next ? $("summary", next) : $(".still button", answers)).focus();
    });
}

/* --- what the question may become ----------------------------------------------------------- */

/** A combobox over `box` (ARIA 1.2): the list stands in the page, above the answers and over none
 * of them. While an input method composes it is asked too, and takes no key. */
function startSuggesting(form, box, list, question, changed) {
    let timer = 0;
    let running = null;
    let active = -1; // option that Enter takes
    let shownFor = box.value.trim();

    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", list.id);
    box.setAttribute("aria-expanded", "false");

    const options = () => list.children;

    function mark(at) {
        active = at;
        for (let i = 0; i < options().length; i++) options()[i].setAttribute("aria-selected", String(i === at));
        if (at < 0) { box.removeAttribute("aria-activedescendant"); return; }
        box.setAttribute("aria-activedescendant", options()[at].id);
        options()[at].scrollIntoView({ block: "nearest", inline: "nearest" });
    }

    function show(html) {
        list.innerHTML = html;
        list.scrollLeft = 0;
        list.hidden = options().length === 0;
        box.setAttribute("aria-expanded", String(!list.hidden));
        mark(-1);
    }

    function hide() {
        clearTimeout(timer);
        running?.abort();
        running = null;
        shownFor = box.value.trim();
        show("");
    }

    async function load() {
        const text = box.value.trim();
        if (text === shownFor) return;
        shownFor = text;
        running?.abort();
        if (!text) { show(""); return; }
        const mine = running = new AbortController();
        try {
            const reply = await fetch(`/suggest?${new URLSearchParams({ q: question(), product: form.product.value })}`, { signal: mine.signal });
            const html = reply.ok ? await reply.text() : "";
            if (mine === running) show(html);
        } catch {
            // given up for a newer one, or there is no connection: the answers say so
        }
    }

    function take(option) {
        const { kind, text } = option.dataset;
        box.value = text;
        if (kind === "product" && [...form.product.options].some((o) => o.value === text)) form.product.value = text;
        hide();
        box.focus();
        changed();
    }

    /** Keys that are the list's while it is there. */
    function takes(event) {
        const last = options().length - 1;
        if (event.isComposing || list.hidden || event.altKey || event.ctrlKey || event.metaKey) return false;
        if (event.key === "Escape") hide();
        else if (event.key === "ArrowDown" && active < last) mark(active + 1);
        else if (event.key === "ArrowUp" && active >= 0) mark(active - 1);
        else if (event.key === "Enter" && active >= 0) take(options()[active]);
        else {
            if (event.key === "ArrowDown") mark(-1); // on to the answers
            return false;
        }
        event.preventDefault();
        return true;
    }

    box.addEventListener("input", () => {
        clearTimeout(timer);
        if (!list.hidden && active >= 0) mark(-1);
        timer = setTimeout(load, TYPING_MS);
    });
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) take(option);
    });
    return { takes, hide };
}

/* --- forms that change one piece of the page ---------------------------------------------- */

document.addEventListener("submit", async (event) => {
    const form = event.target;
    const place = form.dataset.swap && form.closest(form.dataset.swap);
    if (!place || form.dataset.plain || event.defaultPrevented) return;
    event.preventDefault();
    place.setAttribute("aria-busy", "true");
    try {
        const holder = document.createElement("template");
        holder.innerHTML = await send(form, event.submitter);
        const piece = holder.content.firstElementChild;
        place.replaceWith(piece);
        piece.focus({ preventScroll: true });
    } catch {
        place.removeAttribute("aria-busy");
        sendPlainly(form, event.submitter);
    }
});

/* --- the ticket form: kept while it is written, asked anew for what is chosen -------------- */

const DRAFT = "askfirst.draft"; // what the server has not got yet
const SAVE_MS = 1500; // quiet before it is sent
const NOT_VALUES = ["c", "d", "key", "shown"];

function startForm(form) {
    const id = form.dataset.draft;
    const said = $(".saved", form);
    let timer = 0;
    let running = null; // AbortController of a save under way
    let leaving = false; // the form itself is being sent
    let last = Promise.resolve(); // saves go one after another: an older one must not come last

    const values = () => new URLSearchParams(new FormData(form));

    function remember() {
        try { localStorage.setItem(DRAFT, JSON.stringify({ id, values: String(values()) })); } catch { /* full or forbidden */ }
    }

    function forget() {
        try { localStorage.removeItem(DRAFT); } catch { /* forbidden: nothing was kept */ }
    }

    function remembered() {
        try {
            const draft = JSON.parse(localStorage.getItem(DRAFT));
            return draft?.id === id ? new URLSearchParams(draft.values) : null;
        } catch { return null; }
    }

    /** Fields that are asked only when another one is so. */
    function showAsked() {
        const now = values();
        for (const one of form.querySelectorAll("[data-when]")) {
            const wanted = one.dataset.is.split(" ");
            if (one.dataset.when) one.hidden = !now.getAll(one.dataset.when).some((value) => wanted.includes(value));
        }
    }

    function fill(from) {
        for (const field of form.elements) {
            if (!field.name || NOT_VALUES.includes(field.name)) continue;
            if (field.type === "checkbox" || field.type === "radio") field.checked = from.getAll(field.name).includes(field.value);
            else if (from.has(field.name) && field.localName !== "button") field.value = from.get(field.name);
        }
        showAsked();
    }

    /** Gives the questions for what is chosen now; null when the server could not be reached. */
    function save() {
        clearTimeout(timer);
        last = last.then(sendDraft);
        return last;
    }

    async function sendDraft() {
        if (leaving) return null;
        const body = values();
        running = new AbortController();
        try {
            const reply = await fetch("/ticket/draft", { method: "POST", body, headers: { "X-Fragment": "1" }, signal: running.signal });
            if (!reply.ok) throw new Error(String(reply.status));
            const html = await reply.text();
            if (String(values()) === String(body)) { // nothing was typed meanwhile
                forget();
                said.textContent = form.dataset.kept;
            }
            return html;
        } catch {
            if (leaving) return null;
            remember();
            said.textContent = form.dataset.lost;
            return null;
        }
    }

    async function askAnew() {
        const html = await save();
        if (html === null) return;
        const focus = document.activeElement?.id;
        $("#asked", form).outerHTML = html;
        showAsked();
        if (focus) document.getElementById(focus)?.focus();
    }

    form.classList.add("scripted");
    const before = remembered();
    if (before) {
        fill(before);
        askAnew();
    }
    showAsked();
    form.addEventListener("input", () => {
        remember();
        showAsked();
        said.textContent = "";
        clearTimeout(timer);
        timer = setTimeout(save, SAVE_MS);
    });
    form.addEventListener("change", (event) => {
        remember();
        if (["product", "type", "class"].includes(event.target.name)) askAnew();
        else save();
    });
    form.addEventListener("submit", (event) => {
        clearTimeout(timer);
        leaving = true; // a save that comes after the ticket, or after "discard", would bring it back
        running?.abort();
        if (event.submitter?.value === "drop") forget();
    });
    window.addEventListener("pageshow", () => { leaving = false; });
    window.addEventListener("pagehide", () => {
        if (!leaving && remembered()) navigator.sendBeacon("/ticket/draft", values());
    });
}

const ticketForm = $("form[data-draft]");
if (ticketForm) startForm(ticketForm);
if ($("[data-sent]") || location.pathname.startsWith("/desk")) {
    try { localStorage.removeItem(DRAFT); } catch { /* forbidden: nothing was kept */ }
}
if ($("[data-sent]")) history.replaceState(null, "", location.pathname);
const fault = $(".alert[tabindex]") ?? $("[aria-invalid=true]");
fault?.focus();

/* --- a file read into a box, to be looked at before it is saved ------------------------------- */

for (const input of document.querySelectorAll("input[data-into]")) {
    input.parentElement.hidden = false;
    input.addEventListener("change", async () => {
        const box = document.getElementById(input.dataset.into);
        if (input.files.length > 0) box.value = await input.files[0].text();
        box.focus();
    });
}

/* --- small things --------------------------------------------------------------------------- */

for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
        await navigator.clipboard.writeText($(button.dataset.copy).value);
        button.textContent = button.dataset.done;
        setTimeout(() => { button.textContent = label; }, 2000);
    });
}

/** Times as the reader's clock shows them; the server writes UTC. */
function localTimes(root) {
    const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    for (const time of root.querySelectorAll("time[datetime]")) {
        const at = new Date(time.dateTime);
        if (Number.isNaN(at.getTime())) continue;
        if ("keep" in time.dataset) time.title = format.format(at);
        else time.textContent = format.format(at);
    }
}
localTimes(document);
