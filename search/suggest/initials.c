#include "search/suggest/initials.h"

#include "data/base/limits.h"
#include "indexer/text/wordbreak.h"
#include "search/query/grams.h"
#include "search/query/hangul.h"
#include "search/suggest/cuts.h"
#include "search/suggest/finder.h"
#include "search/suggest/matching.h"

#include <stdlib.h>

#define LATIN_MIN 3 /* two letters begin too many words */
#define HANGUL_MIN 2
#define LETTERS_ASKED_MAX 8 /* more letters in a row are a word in some language */
#define WORDS_MAX 64        /* different ones that are counted; a new one then is rare */
#define WORDS_ASKED 3
#define TITLES_READ 120 /* newest first: what stands in most of them is what is meant */
#define WORD_BYTES (4 * LETTERS_ASKED_MAX)

struct word {
    uint8_t text[WORD_BYTES];
    size_t len;
    uint32_t titles;
};

struct reading {
    const struct filter *filter;
    struct folder *folder;
    struct wordbreak *wordbreak;
    struct arena *arena;
    const struct letters *typed;
    struct word words[WORDS_MAX];
    uint32_t count;
    struct letters letters; /* of the title at hand */
    struct error *err;
};

static bool is_initial(uint32_t cp)
{
    struct hangul_range same, next;
    uint32_t moved;

    return !hangul_is_syllable(cp) && hangul_unfinished(cp, &same, &moved, &next);
}

bool initials_are(struct bytes folded)
{
    struct cut cuts[CUTS_MAX];
    struct letters typed;
    uint32_t latin = 0, hangul = 0, count;

    if (folded.len > WORD_BYTES)
        return false;
    letters_typed(folded, &typed);
    for (uint32_t i = 0; i < typed.count; i++) {
        latin += typed.list[i].cp >= 'a' && typed.list[i].cp <= 'z';
        hangul += is_initial(typed.list[i].cp);
        if (i > 0 && typed.list[i].gap)
            return false;
    }
    if (typed.count > LETTERS_ASKED_MAX)
        return false;
    if (hangul >= HANGUL_MIN && hangul == typed.count)
        return true;
    if (latin < LATIN_MIN || latin != typed.count)
        return false;
    count = cuts_of(&typed, 0, typed.count, cuts);
    for (uint32_t i = 0; i < count; i++)
        if (cuts[i].count == typed.count)
            return true;
    return false;
}

/* --- titles ------------------------------------------------------------------------------- */

static void note(struct reading *r, uint32_t from, uint32_t end)
{
    uint8_t text[WORD_BYTES];
    size_t len = letters_utf8(&r->letters, from, end, text, sizeof text);

    for (uint32_t i = 0; i < r->count; i++)
        if (r->words[i].len == len && memcmp(r->words[i].text, text, len) == 0) {
            r->words[i].titles++;
            return;
        }
    if (r->count == WORDS_MAX)
        return;
    memcpy(r->words[r->count].text, text, len);
    r->words[r->count].len = len;
    r->words[r->count++].titles = 1;
}

static bool is_cjk(const struct letters *letters, uint32_t from, uint32_t end)
{
    for (uint32_t i = from; i < end; i++)
        if (letters->list[i].script != SCRIPT_CJK)
            return false;
    return end - from > 1;
}

static bool is_break(const uint32_t *ends, uint32_t count, uint32_t at)
{
    for (uint32_t i = 0; i < count; i++)
        if (ends[i] == at)
            return true;
    return at == 0;
}

/* 策略要求 has no word 略要求, nor is 的邮件 one. Of Korean what stands after a blank begins one. */
static enum status is_word(struct reading *r, struct bytes folded, uint32_t from, uint32_t end,
                           bool *is)
{
    const struct letter *first = &r->letters.list[from], *last = &r->letters.list[end - 1];
    const uint32_t *ends;
    uint32_t count;
    enum status status;

    *is = first->gap;
    if (hangul_is_syllable(first->cp))
        return AF_OK;
    *is = false;
    if (gram_says_nothing(first->cp) || gram_says_nothing(last->cp))
        return AF_OK;
    status = wordbreak_find(r->wordbreak, folded, &ends, &count, r->err);
    if (status == AF_OK)
        *is = is_break(ends, count, first->start) && is_break(ends, count, last->end);
    return status;
}

static enum status read_title(struct reading *r, const struct segment *segment, uint32_t doc)
{
    struct document document;
    struct folded folded;
    bool found = false;
    uint32_t end;
    enum status status = segment_document(segment, doc, &document, r->err);

    if (status == AF_OK)
        status = folder_run(r->folder, document.title, &folded, r->err);
    if (status != AF_OK)
        return status;
    letters_of(folded.text, &r->letters);
    for (uint32_t at = 0; status == AF_OK && !found && at < r->letters.count; at++)
        if (matching_from(r->typed, &r->letters, at, HOW_INITIALS, &end) &&
            is_cjk(&r->letters, at, end)) {
            status = is_word(r, folded.text, at, end, &found);
            if (found)
                note(r, at, end);
        }
    return status;
}

static enum status read_segment(struct reading *r, const struct segment *segment, uint32_t titles,
                                uint32_t *postings)
{
    struct filter_view view;
    struct finder f;
    uint64_t *set;
    enum status status = finder_init(&f, segment, FIELD_TITLE, false, postings, r->arena, r->err);

    if (status == AF_OK)
        status = filter_view_open(&view, r->filter, segment, r->arena, r->err);
    if (status != AF_OK || (set = finder_set(&f)) == NULL)
        return status == AF_OK ? f.status : status;
    status = finder_find(&f, r->typed, set);
    for (uint32_t i = f.words; status == AF_OK && i-- > 0;)
        for (uint64_t bits = set[i]; status == AF_OK && bits != 0 && titles > 0;) {
            uint32_t bit = 63 - (uint32_t)__builtin_clzll(bits), doc = i * 64 + bit;

            bits &= ~(UINT64_C(1) << bit);
            if (!segment_is_live(segment, doc) || !filter_view_passes(&view, doc))
                continue;
            titles--;
            status = read_title(r, segment, doc);
        }
    return status;
}

/* --- the likeliest ------------------------------------------------------------------------ */

static int most_first(const void *a, const void *b)
{
    const struct word *x = a, *y = b;

    if (x->titles != y->titles)
        return x->titles < y->titles ? 1 : -1;
    return bytes_compare(bytes_of(x->text, x->len), bytes_of(y->text, y->len));
}

static enum status choose(struct reading *r, struct bytes *words)
{
    uint8_t *text = arena_alloc(r->arena, (size_t)WORDS_ASKED * (WORD_BYTES + 1));
    size_t len = 0;

    if (text == NULL)
        return arena_exhausted(r->arena, r->err);
    if (r->count == 0)
        return AF_OK;
    qsort(r->words, r->count, sizeof *r->words, most_first);
    for (uint32_t i = 0; i < r->count && i < WORDS_ASKED; i++) {
        if (2 * r->words[i].titles <= r->words[0].titles && i > 0)
            break;
        if (i > 0)
            text[len++] = ' ';
        memcpy(text + len, r->words[i].text, r->words[i].len);
        len += r->words[i].len;
    }
    *words = bytes_of(text, len);
    return AF_OK;
}

enum status initials_words(const struct snapshot *snapshot, const struct filter *filter,
                           struct folder *folder, struct bytes folded, struct arena *arena,
                           struct bytes *words, struct error *err)
{
    struct reading *r = arena_alloc(arena, sizeof *r);
    struct letters *typed = arena_alloc(arena, sizeof *typed);
    struct snapshot_totals totals = snapshot_totals(snapshot);
    uint32_t postings = SUGGEST_POSTINGS_MAX;
    enum status status = AF_OK;

    *words = BYTES_NONE;
    if (r == NULL || typed == NULL)
        return arena_exhausted(arena, err);
    letters_typed(folded, typed);
    r->filter = filter;
    r->folder = folder;
    r->arena = arena;
    r->typed = typed;
    r->err = err;
    status = wordbreak_new(&r->wordbreak, err);
    for (uint32_t i = 0; status == AF_OK && i < snapshot_segments(snapshot); i++) {
        const struct segment *segment = snapshot_segment(snapshot, i);
        uint64_t share = (uint64_t)TITLES_READ * segment_docs(segment);

        share = totals.docs_all == 0 ? 0 : share / totals.docs_all;
        status = read_segment(r, segment, (uint32_t)share + 16, &postings);
    }
    wordbreak_free(r->wordbreak);
    return status == AF_OK ? choose(r, words) : status;
}
