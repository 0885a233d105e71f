#include "search/suggest/finder.h"

#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "indexer/text/analyzer.h"
#include "indexer/text/question.h"
#include "search/query/hangul.h"
#include "search/suggest/cuts.h"

#include <string.h>

#define GRAMS_ASKED 3 /* the rarest of a stretch; the titles are read anyway */
#define KEY_BYTES 80  /* of a term that is looked for, or begins what is walked */

struct key {
    uint8_t text[KEY_BYTES];
    size_t len;
};

enum status finder_init(struct finder *f, const struct segment *segment, enum field field,
                        bool learned, uint32_t *left, struct arena *arena, struct error *err)
{
    *f = (struct finder){.segment = segment,
                         .arena = arena,
                         .learned = learned,
                         .field = field,
                         .words = (segment_docs(segment) + 63) / 64,
                         .left = left,
                         .err = err};
    f->block = arena_alloc(arena, sizeof *f->block);
    return f->block == NULL ? arena_exhausted(arena, err) : AF_OK;
}

uint64_t *finder_set(struct finder *f)
{
    uint64_t *set = arena_array(f->arena, f->words + 1, sizeof *set);

    if (set == NULL)
        f->status = arena_exhausted(f->arena, f->err);
    return set;
}

/* --- sets --------------------------------------------------------------------------------- */

static void clear(const struct finder *f, uint64_t *set)
{
    memset(set, 0, f->words * sizeof *set);
}

static void unite(const struct finder *f, uint64_t *set, const uint64_t *with)
{
    for (uint32_t i = 0; i < f->words; i++)
        set[i] |= with[i];
}

/* `is_first`: there is nothing to hold it against yet. */
static void restrict_to(const struct finder *f, uint64_t *set, const uint64_t *with, bool is_first)
{
    for (uint32_t i = 0; i < f->words; i++)
        set[i] = is_first ? with[i] : set[i] & with[i];
}

/* --- terms -------------------------------------------------------------------------------- */

static void add_postings(struct finder *f, const struct term_entry *entry, uint64_t *set)
{
    struct postings postings;

    if (f->status != AF_OK || *f->left == 0)
        return;
    f->status = postings_open(f->segment, entry, f->arena, &postings, f->err);
    for (uint32_t doc = 0; f->status == AF_OK && *f->left > 0; doc = postings.block_last + 1) {
        f->status = postings_block_seek(&postings, doc, f->err);
        if (f->status != AF_OK || postings.block_last == DOC_END)
            break;
        f->status = postings_block_decode(&postings, f->block, f->err);
        for (uint32_t i = 0; f->status == AF_OK && i < f->block->n; i++)
            if (f->learned || postings_block_tf(f->block, i)[f->field] > 0)
                set[f->block->docs[i] / 64] |= UINT64_C(1) << f->block->docs[i] % 64;
        *f->left -= *f->left < POSTINGS_BLOCK ? *f->left : POSTINGS_BLOCK;
    }
}

/* The term, behind the class of learned ones where those are asked for. */
static struct bytes full_term(const struct finder *f, struct bytes term, struct key *key)
{
    size_t room = sizeof key->text - 1, len = term.len < room ? term.len : room;

    if (!f->learned)
        return term;
    key->text[0] = TERM_LEARNED;
    memcpy(key->text + 1, term.data, len);
    return bytes_of(key->text, len + 1);
}

static bool find(struct finder *f, struct bytes term, struct term_entry *entry)
{
    struct key key;
    bool found = false;

    if (f->status == AF_OK)
        f->status = segment_find(f->segment, full_term(f, term, &key), entry, &found, f->err);
    return f->status == AF_OK && found;
}

void finder_add(struct finder *f, struct bytes term, uint64_t *set)
{
    struct term_entry entry;

    if (find(f, term, &entry))
        add_postings(f, &entry, set);
}

typedef bool (*wanted_fn)(const void *context, struct bytes term);

/* Terms that lie in a range, or begin as its end does; of these the wanted ones. */
static void walk_wanted(struct finder *f, struct bytes from, struct bytes last, wanted_fn wanted,
                        const void *context, uint64_t *set)
{
    struct key from_key, last_key;
    struct bytes start = full_term(f, from, &from_key), stop = full_term(f, last, &last_key);
    struct term_cursor *cursor = NULL;
    struct term_entry entry;
    bool found;

    if (f->status == AF_OK)
        f->status = term_cursor_open(f->segment, start, f->arena, &cursor, f->err);
    for (uint32_t left = SUGGEST_TERMS_MAX; f->status == AF_OK && left > 0 && *f->left > 0;
         left--) {
        struct bytes term;

        f->status = term_cursor_next(cursor, &entry, &found, f->err);
        if (f->status != AF_OK || !found ||
            (bytes_compare(entry.term, stop) > 0 && !bytes_has_prefix(entry.term, stop)))
            break;
        term = bytes_of(entry.term.data + f->learned, entry.term.len - f->learned);
        if (wanted == NULL || wanted(context, term))
            add_postings(f, &entry, set);
    }
    term_cursor_close(cursor);
}

static void walk(struct finder *f, struct bytes from, struct bytes last, uint64_t *set)
{
    walk_wanted(f, from, last, NULL, NULL, set);
}

/* --- CJK ---------------------------------------------------------------------------------- */

static struct bytes key_bytes(const struct key *key)
{
    return bytes_of(key->text, key->len);
}

static void key_begin(struct key *key, uint8_t class)
{
    key->text[0] = class;
    key->len = 1;
}

static void key_add(struct key *key, uint32_t cp)
{
    if (cp != 0 && key->len + 4 <= sizeof key->text)
        key->len += utf8_encode(cp, key->text + key->len);
}

static struct bytes gram(struct key *key, uint32_t before, uint32_t letter)
{
    key_begin(key, before == 0 ? TERM_GRAM1 : TERM_GRAM2);
    key_add(key, before);
    key_add(key, letter);
    return key_bytes(key);
}

/* Grams of `before` (0: none) and a letter that is still being typed. False: it is finished. */
static bool add_unfinished(struct finder *f, uint32_t before, uint32_t letter, uint64_t *set)
{
    struct hangul_range same, next;
    struct key from, last;
    uint32_t moved;

    if (!hangul_unfinished(letter, &same, &moved, &next))
        return false;
    walk(f, gram(&from, before, same.first), gram(&last, before, same.last), set);
    if (moved != 0 && before != 0)
        finder_add(f, gram(&from, before, moved), set);
    else if (moved != 0)
        walk(f, gram(&from, moved, next.first), gram(&last, moved, next.last), set);
    return true;
}

/* Questions have no grams of one letter: those of two that begin with it stand for it. */
static void add_single(struct finder *f, uint32_t letter, uint64_t *set)
{
    struct key key;

    if (f->learned) {
        key_begin(&key, TERM_GRAM2);
        key_add(&key, letter);
        walk(f, key_bytes(&key), key_bytes(&key), set);
    } else {
        finder_add(f, gram(&key, 0, letter), set);
    }
}

/* ㄱ … ㅎ as 0 … 18; -1: no initial. */
static int initial_of(uint32_t cp)
{
    struct hangul_range same, next;
    uint32_t moved;

    if (hangul_is_syllable(cp) || !hangul_unfinished(cp, &same, &moved, &next))
        return -1;
    return sound_initial(same.first);
}

/* A pair of letters first, first + 1 of what was typed, in the way that it asks for. False: it
 * asks for nothing. */
static bool add_pair(struct finder *f, const struct letters *typed, uint32_t first, uint64_t *set)
{
    uint32_t a = typed->list[first].cp, b = typed->list[first + 1].cp;
    bool is_last = first + 2 == typed->count;
    int a_initial = initial_of(a), b_initial = initial_of(b);
    uint8_t term[TITLE_TERM_BYTES];
    struct key key;

    if (a_initial >= 0 && b_initial >= 0) {
        finder_add(f, bytes_of(term, sound_term_hangul(term, a_initial, b_initial)), set);
        return true;
    }
    if (a_initial >= 0 || (b_initial >= 0 && !is_last))
        return false;
    if (!is_last || !add_unfinished(f, a, b, set))
        finder_add(f, gram(&key, a, b), set);
    return true;
}

/* Where a gram as it is written must be, the rarest few are asked: *asked[i] of `first` on. */
static uint32_t choose_pairs(struct finder *f, const struct letters *typed, uint32_t first,
                             uint32_t end, uint32_t asked[GRAMS_ASKED])
{
    uint32_t count = 0, df[GRAMS_ASKED];

    for (uint32_t i = first; i + 1 < end; i++) {
        struct term_entry entry = {.df = 0};
        struct key key;
        uint32_t at;

        if (i + 2 < typed->count || initial_of(typed->list[i + 1].cp) < 0)
            (void)find(f, gram(&key, typed->list[i].cp, typed->list[i + 1].cp), &entry);
        for (at = count; at > 0 && df[at - 1] > entry.df; at--)
            if (at < GRAMS_ASKED) {
                df[at] = df[at - 1];
                asked[at] = asked[at - 1];
            }
        if (at < GRAMS_ASKED) {
            df[at] = entry.df;
            asked[at] = i;
            count += count < GRAMS_ASKED;
        }
    }
    return count;
}

static void find_cjk(struct finder *f, const struct letters *typed, uint32_t first, uint32_t end,
                     uint64_t *set, uint64_t *scratch)
{
    uint32_t asked[GRAMS_ASKED], count;
    bool is_first = true;

    if (end == first + 1) {
        if (end < typed->count || !add_unfinished(f, 0, typed->list[first].cp, set))
            add_single(f, typed->list[first].cp, set);
        return;
    }
    count = choose_pairs(f, typed, first, end, asked);
    for (uint32_t i = 0; i < count; i++) {
        clear(f, scratch);
        if (!add_pair(f, typed, asked[i], scratch))
            continue;
        restrict_to(f, set, scratch, is_first);
        is_first = false;
    }
}

/* --- letters and digits ------------------------------------------------------------------- */

static const uint8_t word_classes[] = {TERM_WORD, TERM_NUMBER, TERM_PART, TERM_SQUEEZED};

/* One word in each of its classes. */
static void add_word(struct finder *f, const struct letters *typed, uint32_t first, uint32_t end,
                     bool is_last, uint64_t *set)
{
    struct key key;

    key.len = 1 + letters_utf8(typed, first, end, key.text + 1, sizeof key.text - 1);
    for (size_t i = 0; i < sizeof word_classes; i++) {
        key.text[0] = word_classes[i];
        if (is_last)
            walk(f, key_bytes(&key), key_bytes(&key), set);
        else
            finder_add(f, key_bytes(&key), set);
    }
}

static void find_words(struct finder *f, const struct letters *typed, uint32_t first, uint32_t end,
                       uint64_t *set, uint64_t *scratch)
{
    bool is_first = true;

    for (uint32_t at = first, next; at < end; at = next) {
        for (next = at + 1; next < end && !typed->list[next].gap; next++)
            ;
        clear(f, scratch);
        add_word(f, typed, at, next, next == typed->count, scratch);
        restrict_to(f, set, scratch, is_first);
        is_first = false;
    }
}

/* What may stand in a pair's term behind the two first letters. */
static bool is_pair(const void *context, struct bytes term)
{
    const struct cut_unit *units = context;
    struct bytes rest = bytes_of(term.data + 3, term.len < 3 ? 0 : term.len - 3), part[2];
    const uint8_t *mark = rest.len == 0 ? NULL : memchr(rest.data, '\'', rest.len);

    if (mark == NULL)
        return false;
    part[0] = bytes_of(rest.data, (size_t)(mark - rest.data));
    part[1] = bytes_of(mark + 1, rest.len - part[0].len - 1);
    for (int i = 0; i < 2; i++) {
        struct bytes wanted = bytes_str(units[i].text + 1);

        if (!bytes_has_prefix(part[i], wanted) || (units[i].is_whole && part[i].len != wanted.len))
            return false;
    }
    return true;
}

/* Two whole syllables are one term; else those with their first letters, as far as they fit. */
static void add_sounds(struct finder *f, const struct cut_unit *units, uint64_t *set)
{
    uint8_t term[TITLE_TERM_BYTES];
    size_t len = sound_term(term, units[0].text, units[1].text);
    struct bytes from;

    if (units[0].is_whole && units[1].is_whole) {
        finder_add(f, bytes_of(term, len), set);
        return;
    }
    from = bytes_of(term, units[0].is_whole ? len : 3);
    walk_wanted(f, from, from, is_pair, units, set);
}

static void find_read(struct finder *f, const struct letters *typed, uint32_t first, uint32_t end,
                      uint64_t *set, uint64_t *way, uint64_t *scratch)
{
    struct cut cuts[CUTS_MAX];
    uint32_t count = cuts_of(typed, first, end, cuts);

    for (uint32_t i = 0; i < count; i++) {
        if (cuts[i].count < 2)
            continue;
        for (uint32_t k = 0; k + 1 < cuts[i].count; k++) {
            clear(f, scratch);
            add_sounds(f, &cuts[i].units[k], scratch);
            restrict_to(f, way, scratch, k == 0);
        }
        unite(f, set, way);
    }
}

/* One code, whatever stands between its parts. */
static void find_code(struct finder *f, const struct letters *typed, uint32_t first, uint32_t end,
                      uint64_t *set)
{
    struct key key;

    key.text[0] = TERM_SQUEEZED;
    key.len = 1 + letters_utf8(typed, first, end, key.text + 1, sizeof key.text - 1);
    walk(f, key_bytes(&key), key_bytes(&key), set);
}

/* --- all of it ---------------------------------------------------------------------------- */

static bool is_keys(uint8_t script)
{
    return script == SCRIPT_LETTER || script == SCRIPT_DIGIT;
}

/* Where the stretch that begins at `first` ends: CJK at a gap, letters and digits only where
 * something else begins. */
static uint32_t stretch_end(const struct letters *typed, uint32_t first)
{
    uint8_t script = typed->list[first].script;
    uint32_t end = first + 1;

    while (end < typed->count) {
        const struct letter *letter = &typed->list[end];
        bool goes_on =
            is_keys(script) ? is_keys(letter->script) : letter->script == script && !letter->gap;

        if (!goes_on && letter->script != SCRIPT_EXTEND)
            break;
        end++;
    }
    return end;
}

enum { STRETCH, WAY, SCRATCH, ALL, SETS };

static void find_stretch(struct finder *f, const struct letters *typed, uint32_t first,
                         uint32_t end, uint64_t *const sets[SETS])
{
    clear(f, sets[STRETCH]);
    if (typed->list[first].script == SCRIPT_CJK) {
        find_cjk(f, typed, first, end, sets[STRETCH], sets[SCRATCH]);
        return;
    }
    find_words(f, typed, first, end, sets[STRETCH], sets[SCRATCH]);
    if (!is_keys(typed->list[first].script))
        return;
    find_read(f, typed, first, end, sets[STRETCH], sets[WAY], sets[SCRATCH]);
    if (end == typed->count && end - first > 1)
        find_code(f, typed, first, end, sets[STRETCH]);
}

enum status finder_find(struct finder *f, const struct letters *typed, uint64_t *set)
{
    uint64_t *sets[SETS];

    for (int i = 0; i < SETS; i++)
        if ((sets[i] = finder_set(f)) == NULL)
            return f->status;
    for (uint32_t first = 0, end; f->status == AF_OK && first < typed->count; first = end) {
        end = stretch_end(typed, first);
        find_stretch(f, typed, first, end, sets);
        restrict_to(f, sets[ALL], sets[STRETCH], first == 0);
    }
    unite(f, set, sets[ALL]);
    return f->status;
}

enum status finder_openings(struct finder *f, const struct letters *typed, uint64_t *set)
{
    uint32_t count = typed->count < OPENING_LETTERS ? typed->count : OPENING_LETTERS, moved;
    uint32_t last = count > 0 ? typed->list[count - 1].cp : 0;
    struct hangul_range same, next;
    struct key from, stop;

    key_begin(&from, TERM_OPENING);
    for (uint32_t i = 0; i + 1 < count; i++)
        key_add(&from, typed->list[i].cp);
    stop = from;
    if (count == typed->count && hangul_unfinished(last, &same, &moved, &next)) {
        key_add(&from, same.first);
        key_add(&stop, same.last);
    } else {
        key_add(&from, last);
        key_add(&stop, last);
    }
    walk(f, key_bytes(&from), key_bytes(&stop), set);
    return f->status;
}
