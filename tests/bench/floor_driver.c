/* floor_driver.c: asks the floor engine (floor.h): BM25 over every posting of every term. */
#include "tests/bench/floor.h"

#include "data/base/buf.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { TERMS_MAX = 512 };

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
          weight = logf(1 + ((float)f->docs - df + 0.5f) / (df + 0.5f)) * (FLOOR_K1 + 1);
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
