#include "search/query/fuzzy.h"

#include "data/base/utf8.h"
#include "indexer/text/analyzer.h"
#include "search/query/neighbours.h"

#define ONE_EDIT_LETTERS 4 /* shorter words have too many neighbours */
#define TWO_EDIT_LETTERS 8

unsigned fuzzy_edits(uint32_t letters)
{
    if (letters < ONE_EDIT_LETTERS)
        return 0;
    return letters < TWO_EDIT_LETTERS ? 1 : 2;
}

/* Scripts with letters and a fixed order of writing them; Thai and CJK are handled by grams. */
static bool is_letter(uint32_t letter)
{
    return (letter >= 'a' && letter <= 'z') || letter == '\'' ||
           (letter >= 0xDF && letter < 0x0700);
}

bool fuzzy_init(struct fuzzy *fuzzy, struct bytes word, bool prefix, struct picks *picks)
{
    uint32_t letters[EDIT_LETTERS_MAX], len;
    unsigned max;

    *fuzzy = (struct fuzzy){.prefix = prefix, .picks = picks};
    if (!edit_letters(word, letters, &len) || (max = fuzzy_edits(len)) == 0)
        return false;
    for (uint32_t i = 0; i < len; i++)
        if (!is_letter(letters[i]))
            return false;
    return edit_init(&fuzzy->edit, word, max);
}

/* The least distance of any beginning of the path: an unfinished word is compared with these. */
static unsigned prefix_distance(const struct edit *edit)
{
    unsigned least = edit->max + 1;

    for (uint32_t i = 1; i <= edit->depth; i++)
        if (edit->row[i][edit->typed_len] < least)
            least = edit->row[i][edit->typed_len];
    return least;
}

/* How many letters the word shares with the path. */
static uint32_t shared(const struct edit *edit, const uint32_t *letters, uint32_t len)
{
    uint32_t n = 0;

    while (n < len && n < edit->depth && letters[n] == edit->path[n])
        n++;
    return n;
}

/* Bytes of the class and so many letters. */
static size_t bytes_before(struct bytes term, uint32_t letters)
{
    size_t at = 1;

    while (letters > 0 && at < term.len) {
        at++;
        while (at < term.len && (term.data[at] & 0xC0) == 0x80)
            at++;
        letters--;
    }
    return at;
}

/* Nothing that shares a dead row with the word can match, so the walk goes past all of that. */
static size_t offer(struct fuzzy *fuzzy, const uint32_t *letters, uint32_t len, struct bytes term,
                    uint64_t df)
{
    struct edit *edit = &fuzzy->edit;
    unsigned cost = edit->max + 1;
    bool dead = false;

    edit_cut(edit, shared(edit, letters, len));
    while (edit->depth < len && !dead)
        dead = !edit_push(edit, letters[edit->depth]);
    if (fuzzy->prefix)
        cost = prefix_distance(edit);
    else if (!dead)
        cost = edit_distance(edit);
    if (cost <= edit->max)
        picks_offer(fuzzy->picks, term, df, cost);
    else if (dead)
        return bytes_before(term, edit->depth);
    return LEXICON_NEXT;
}

size_t fuzzy_visit(void *context, struct bytes term, uint64_t df)
{
    struct fuzzy *fuzzy = context;
    uint32_t letters[EDIT_LETTERS_MAX], len;

    if (term.len < 2 || term.data[0] != TERM_WORD)
        return LEXICON_STOP;
    if (!edit_letters(bytes_of(term.data + 1, term.len - 1), letters, &len))
        return LEXICON_NEXT; /* longer than any correction, or hashed: not one */
    if (letters[0] != fuzzy->edit.typed[0])
        return letters[0] < fuzzy->edit.typed[0] ? LEXICON_NEXT : LEXICON_STOP;
    return offer(fuzzy, letters, len, term, df);
}

static enum status walk(const struct lexicon *lexicon, struct fuzzy *fuzzy, struct error *err)
{
    uint8_t from[5] = {TERM_WORD};
    size_t used = 1 + utf8_encode(fuzzy->edit.typed[0], from + 1);

    return lexicon_walk(lexicon, bytes_of(from, used), fuzzy_visit, fuzzy, err);
}

enum status fuzzy_find(const struct lexicon *lexicon, struct bytes word, bool prefix,
                       struct picks *picks, struct error *err)
{
    const struct alphabet *alphabet;
    enum status status = AF_OK;
    struct fuzzy fuzzy;

    if (!fuzzy_init(&fuzzy, word, prefix, picks))
        return AF_OK;
    alphabet = alphabet_of(fuzzy.edit.typed[0]);
    if (prefix)
        status = walk(lexicon, &fuzzy, err);
    if (status == AF_OK && picks->count == 0 && alphabet != NULL)
        status = neighbours_find(lexicon, TERM_WORD, word, alphabet, picks, err);
    if (status == AF_OK && picks->count == 0 && !prefix && (fuzzy.edit.max > 1 || alphabet == NULL))
        status = walk(lexicon, &fuzzy, err);
    if (status == AF_OK && picks->exhausted)
        status = arena_exhausted(lexicon->arena, err);
    return status;
}
