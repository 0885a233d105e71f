/* floor_driver.c: a yardstick, not an engine. What plain C does on this machine with nothing but
 * memory: a hash table of terms (CJK characters, pairs of them, words in lower case), lists of
 * varint (document gap, occurrences), the title counted three times, and BM25 over every posting
 * of every term. No positions, no skipping, no fuzzy words, no stored text, nothing durable.
 *
 *   list: gap varint · occurrences u8 · gap varint · …
 *
 * Terms are 64-bit keys (a word is its FNV-1a hash): two words in one list are accepted here. */
#include "tests/bench/driver.h"
#include "tests/bench/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define TERM_NONE UINT32_MAX
#define KEY_WORD ((uint64_t)1 << 63)
#define KEY_CHAR ((uint64_t)1 << 62)

enum { TERMS_MAX = 512, TITLE_WEIGHT = 3 };
static const float K1 = 1.2f, B = 0.75f;

struct list {
    uint8_t *data;
    uint32_t len, room, df, last_doc, occurrences; /* occurrences: in the document at hand */
};

struct floor {
    uint64_t *keys; /* open addressing; 0: free */
    uint32_t *values;
    size_t mask;
    struct list *lists;
    uint32_t lists_count, lists_room;
    float *lengths; /* by document from 1; after the build: k1 · (1 - b + b · length / mean) */
    uint32_t docs, docs_room;
    char (*ids)[ID_BYTES];
    uint64_t tokens, input_bytes;
};

static void *more(void *at, size_t count, size_t size)
{
    void *grown = reallocarray(at, count, size);

    if (grown == NULL)
        die("floor: no memory");
    return grown;
}

/* --- lexicon --------------------------------------------------------------------------------- */

static size_t slot_of(const struct floor *f, uint64_t key)
{
    size_t at = (size_t)(key * 0x9E3779B97F4A7C15u >> 20) & f->mask;

    while (f->keys[at] != 0 && f->keys[at] != key)
        at = (at + 1) & f->mask;
    return at;
}

static void lexicon_room(struct floor *f, size_t slots)
{
    uint64_t *keys = f->keys;
    uint32_t *values = f->values;
    size_t old = keys == NULL ? 0 : f->mask + 1;

    f->keys = calloc(slots, sizeof *f->keys);
    f->values = calloc(slots, sizeof *f->values);
    if (f->keys == NULL || f->values == NULL)
        die("floor: no memory");
    f->mask = slots - 1;
    for (size_t i = 0; i < old; i++)
        if (keys[i] != 0) {
            size_t at = slot_of(f, keys[i]);
            f->keys[at] = keys[i];
            f->values[at] = values[i];
        }
    free(keys);
    free(values);
}

static uint32_t term_find(const struct floor *f, uint64_t key)
{
    size_t at = slot_of(f, key);

    return f->keys[at] == 0 ? TERM_NONE : f->values[at];
}

static uint32_t term_add(struct floor *f, uint64_t key)
{
    size_t at = slot_of(f, key);

    if (f->keys[at] != 0)
        return f->values[at];
    if ((size_t)f->lists_count * 10 > f->mask * 7) {
        lexicon_room(f, (f->mask + 1) * 2);
        at = slot_of(f, key);
    }
    if (f->lists_count == f->lists_room) {
        f->lists_room = f->lists_room * 2 + 1024;
        f->lists = more(f->lists, f->lists_room, sizeof *f->lists);
    }
    f->keys[at] = key;
    f->values[at] = f->lists_count;
    f->lists[f->lists_count] = (struct list){0};
    return f->lists_count++;
}

/* --- terms of a text ------------------------------------------------------------------------- */

typedef void (*term_fn)(void *context, uint64_t key);

struct cutter {
    term_fn each;
    void *context;
    bool chars; /* every CJK character too; else only one that stands alone */
    uint64_t word;
    uint32_t before; /* the CJK character before; 0: none */
    unsigned run;    /* CJK characters so far */
};

static void end_run(struct cutter *c)
{
    if (c->word != 0)
        c->each(c->context, c->word | KEY_WORD);
    if (c->run == 1 && !c->chars)
        c->each(c->context, KEY_CHAR | c->before);
    c->word = 0;
    c->run = 0;
    c->before = 0;
}

static void cut_cjk(struct cutter *c, uint32_t letter)
{
    if (c->word != 0)
        end_run(c);
    if (c->chars)
        c->each(c->context, KEY_CHAR | letter);
    if (c->before != 0)
        c->each(c->context, (uint64_t)c->before << 21 | letter);
    c->before = letter;
    c->run++;
}

static void cut_word(struct cutter *c, uint32_t letter)
{
    if (c->run > 0)
        end_run(c);
    if (c->word == 0)
        c->word = 1469598103934665603u;
    if (letter - 'A' < 26)
        letter += 'a' - 'A';
    c->word = (c->word ^ letter) * 1099511628211u;
}

static void cut_text(struct bytes text, bool chars, term_fn each, void *context)
{
    struct cutter c = {.each = each, .context = context, .chars = chars};
    struct reader r = reader_of(text);

    while (reader_left(&r) > 0) {
        uint32_t letter = text_next(&r);

        if (is_cjk(letter))
            cut_cjk(&c, letter);
        else if (is_word(letter))
            cut_word(&c, letter);
        else
            end_run(&c);
    }
    end_run(&c);
}

/* --- building -------------------------------------------------------------------------------- */

struct inverter {
    struct floor *floor;
    uint32_t *seen; /* terms of the document at hand */
    size_t seen_count, seen_room;
    uint32_t weight, tokens;
};

static void invert(void *context, uint64_t key)
{
    struct inverter *v = context;
    uint32_t term = term_add(v->floor, key);

    if (v->floor->lists[term].occurrences == 0) {
        if (v->seen_count == v->seen_room) {
            v->seen_room = v->seen_room * 2 + 1024;
            v->seen = more(v->seen, v->seen_room, sizeof *v->seen);
        }
        v->seen[v->seen_count++] = term;
    }
    v->floor->lists[term].occurrences += v->weight;
    v->tokens++;
}

static void post(struct list *list, uint32_t doc)
{
    uint32_t gap = doc - list->last_doc;

    if (list->len + 6 > list->room) {
        list->room = list->room == 0 ? 8 : list->room * 2;
        list->data = more(list->data, list->room, 1);
    }
    for (; gap >= 128; gap >>= 7)
        list->data[list->len++] = (uint8_t)(gap | 128);
    list->data[list->len++] = (uint8_t)gap;
    list->data[list->len++] = (uint8_t)(list->occurrences > 255 ? 255 : list->occurrences);
    list->last_doc = doc;
    list->df++;
    list->occurrences = 0;
}

static void add_row(struct inverter *v, const struct row *row)
{
    struct floor *f = v->floor;

    v->seen_count = 0;
    v->tokens = 0;
    v->weight = TITLE_WEIGHT;
    cut_text(row->title, true, invert, v);
    v->weight = 1;
    cut_text(row->body, true, invert, v);
    if (++f->docs >= f->docs_room) {
        f->docs_room = f->docs_room * 2 + 1024;
        f->lengths = more(f->lengths, f->docs_room, sizeof *f->lengths);
        f->ids = more(f->ids, f->docs_room, sizeof *f->ids);
    }
    for (size_t i = 0; i < v->seen_count; i++)
        post(&f->lists[v->seen[i]], f->docs);
    f->lengths[f->docs] = (float)v->tokens;
    snprintf(f->ids[f->docs], ID_BYTES, "%.*s", (int)row->id.len, row->id.data);
    f->tokens += v->tokens;
}

static struct floor *floor_of(const char *corpus)
{
    struct floor *f = calloc(1, sizeof *f);
    struct inverter v = {.floor = f};
    struct rows rows;
    struct row row;

    if (f == NULL)
        die("floor: no memory");
    lexicon_room(f, 1 << 20);
    rows_open(&rows, corpus);
    while (rows_next(&rows, &row))
        add_row(&v, &row);
    rows_close(&rows);
    free(v.seen);
    for (uint32_t doc = 1; doc <= f->docs; doc++)
        f->lengths[doc] = K1 * (1 - B + B * f->lengths[doc] * (float)f->docs / (float)f->tokens);
    return f;
}

/* --- asking ---------------------------------------------------------------------------------- */

struct session {
    const struct floor *floor;
    float *scores;  /* by document */
    uint16_t *have; /* terms that the document has had so far */
    uint32_t *touched, touched_count;
    uint32_t terms[TERMS_MAX], terms_count;
};

static void add_query_term(void *context, uint64_t key)
{
    struct session *s = context;
    uint32_t term = term_find(s->floor, key);

    for (uint32_t i = 0; i < s->terms_count; i++)
        if (s->terms[i] == term)
            return;
    if (term != TERM_NONE && s->terms_count < TERMS_MAX)
        s->terms[s->terms_count++] = term;
}

/* Rarest first, so that "all of them" soon passes over most documents. */
static void sort_terms(struct session *s)
{
    const struct list *lists = s->floor->lists;

    for (uint32_t i = 1; i < s->terms_count; i++)
        for (uint32_t j = i; j > 0 && lists[s->terms[j]].df < lists[s->terms[j - 1]].df; j--) {
            uint32_t term = s->terms[j];
            s->terms[j] = s->terms[j - 1];
            s->terms[j - 1] = term;
        }
}

/* Adds what the i-th term is worth to every document that has it; with `all`, to those alone that
 * had every term before. */
static void score_list(struct session *s, uint32_t i, bool all)
{
    const struct floor *f = s->floor;
    const struct list *list = &f->lists[s->terms[i]];
    const uint8_t *at = list->data, *end = at + list->len;
    float df = (float)list->df,
          weight = logf(1 + ((float)f->docs - df + 0.5f) / (df + 0.5f)) * (K1 + 1);
    uint32_t doc = 0;

    while (at < end) {
        uint32_t gap = *at & 127, shift = 7;
        float tf;

        while (*at++ & 128) {
            gap |= (uint32_t)(*at & 127) << shift;
            shift += 7;
        }
        doc += gap;
        tf = (float)*at++;
        if (all && i > 0 && s->have[doc] != i)
            continue;
        if (s->have[doc]++ == 0)
            s->touched[s->touched_count++] = doc;
        s->scores[doc] += weight * tf / (tf + f->lengths[doc]);
    }
}

/* The best ten of the touched documents, all of which are cleared for the next question. */
static void collect(struct session *s, bool all, struct hits *out)
{
    uint32_t best[HITS], count = 0;
    float scores[HITS];

    for (uint32_t i = 0; i < s->touched_count; i++) {
        uint32_t doc = s->touched[i], at;
        float score = s->scores[doc];
        bool fits = !all || s->have[doc] == s->terms_count;

        s->scores[doc] = 0;
        s->have[doc] = 0;
        if (!fits || (count == HITS && score <= scores[HITS - 1]))
            continue;
        for (at = count < HITS ? count++ : HITS - 1; at > 0 && scores[at - 1] < score; at--) {
            scores[at] = scores[at - 1];
            best[at] = best[at - 1];
        }
        scores[at] = score;
        best[at] = doc;
    }
    for (uint32_t i = 0; i < count; i++)
        hits_add(out, s->floor->ids[best[i]], strlen(s->floor->ids[best[i]]));
}

static void driver_search(void *session, const char *name, const char *query, struct hits *out)
{
    struct session *s = session;
    bool all = strcmp(name, "q_sent") != 0 && strcmp(name, "typo") != 0;

    s->terms_count = 0;
    s->touched_count = 0;
    cut_text(bytes_str(query), false, add_query_term, s);
    sort_terms(s);
    for (uint32_t i = 0; i < s->terms_count; i++)
        score_list(s, i, all);
    collect(s, all, out);
}

/* --- the driver ------------------------------------------------------------------------------ */

/* The folder keeps a link to the corpus: each process inverts it for itself. */
static void driver_build(const char *dir, const char *corpus, struct built *out)
{
    struct buf link = {0};
    char *whole = realpath(corpus, NULL);
    struct floor *f = floor_of(corpus);

    buf_printf(&link, "%s/corpus", dir);
    if (whole == NULL || symlink(whole, buf_str(&link)) != 0)
        die("floor: %s cannot be linked to", corpus);
    buf_release(&link);
    free(whole);
    out->docs = f->docs;
    for (uint32_t i = 0; i < f->lists_count; i++)
        out->memory_bytes += f->lists[i].len;
}

static void *driver_open(const char *dir, bool write)
{
    struct buf link = {0};
    struct floor *f;

    (void)write;
    buf_printf(&link, "%s/corpus", dir);
    f = floor_of(buf_str(&link));
    buf_release(&link);
    return f;
}

static void *driver_session(void *engine)
{
    struct session *s = calloc(1, sizeof *s);

    if (s == NULL)
        die("floor: no memory");
    s->floor = engine;
    s->scores = calloc(s->floor->docs + 1, sizeof *s->scores);
    s->have = calloc(s->floor->docs + 1, sizeof *s->have);
    s->touched = calloc(s->floor->docs + 1, sizeof *s->touched);
    if (s->scores == NULL || s->have == NULL || s->touched == NULL)
        die("floor: no memory");
    return s;
}

/* Everything goes with the process. */
static void driver_close(void *engine)
{
    (void)engine;
}

int main(int argc, char **argv)
{
    static const struct driver driver = {
        .build = driver_build,
        .open = driver_open,
        .session = driver_session,
        .search = driver_search,
        .close = driver_close,
    };

    return driver_main(&driver, argc, argv);
}
