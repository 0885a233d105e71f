#include "tests/bench/floor.h"

#include "tests/bench/text.h"

#include <stdio.h>
#include <stdlib.h>

#define KEY_WORD ((uint64_t)1 << 63)
#define KEY_CHAR ((uint64_t)1 << 62)

enum { TITLE_WEIGHT = 3 };

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

uint32_t term_find(const struct floor *f, uint64_t key)
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

void cut_text(struct bytes text, bool chars, term_fn each, void *context)
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

struct floor *floor_of(const char *corpus)
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
        f->lengths[doc] =
            FLOOR_K1 *
            (1 - FLOOR_B + FLOOR_B * f->lengths[doc] * (float)f->docs / (float)f->tokens);
    return f;
}
