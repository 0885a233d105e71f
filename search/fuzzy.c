#include "search/fuzzy.h"

#include "data/base/utf8.h"
#include "indexer/analyzer.h"

#define ONE_EDIT_LETTERS 4 /* shorter words have too many neighbours */
#define TWO_EDIT_LETTERS 8

unsigned fuzzy_edits(uint32_t letters)
{
    if (letters < ONE_EDIT_LETTERS)
        return 0;
    return letters < TWO_EDIT_LETTERS ? 1 : 2;
}

/* The alphabets in which a wrong first letter is tried. Folded text: no capitals, no accents. */
static const struct alphabet {
    uint32_t low, high;
} alphabets[] = {
    {'a',   'z'  },
    {0x3B1, 0x3C9},
    {0x430, 0x44F}
};

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

/* Nothing is pushed past a dead row, so words that share it cost one comparison. */
static void offer(struct fuzzy *fuzzy, const uint32_t *letters, uint32_t len, struct bytes term,
                  uint32_t df)
{
    struct edit *edit = &fuzzy->edit;
    uint32_t keep = shared(edit, letters, len);
    unsigned cost = edit->max + 1;

    if (fuzzy->dead > keep)
        fuzzy->dead = 0;
    edit_cut(edit, keep);
    while (edit->depth < len && fuzzy->dead == 0)
        if (!edit_push(edit, letters[edit->depth]))
            fuzzy->dead = edit->depth;
    if (fuzzy->prefix)
        cost = prefix_distance(edit);
    else if (fuzzy->dead == 0)
        cost = edit_distance(edit);
    if (cost <= edit->max)
        picks_offer(fuzzy->picks, term, df, cost);
}

bool fuzzy_visit(void *context, struct bytes term, uint32_t df)
{
    struct fuzzy *fuzzy = context;
    uint32_t letters[EDIT_LETTERS_MAX], len;

    if (term.len < 2 || term.data[0] != TERM_WORD)
        return false;
    if (!edit_letters(bytes_of(term.data + 1, term.len - 1), letters, &len))
        return true; /* longer than any correction, or hashed: not one */
    if (letters[0] != fuzzy->edit.typed[0])
        return letters[0] < fuzzy->edit.typed[0];
    offer(fuzzy, letters, len, term, df);
    return true;
}

/* A whole word that differs in its first letter only, if the dictionary has it. */
static enum status look_up(const struct lexicon *lexicon, const uint32_t *letters, uint32_t len,
                           struct picks *picks, struct error *err)
{
    uint8_t text[4 * EDIT_LETTERS_MAX + 8];
    const struct term_entry *entries;
    enum status status;
    size_t used = 0;
    uint64_t df;

    text[used++] = TERM_WORD;
    for (uint32_t i = 0; i < len; i++)
        used += utf8_encode(letters[i], text + used);
    status = lexicon_find(lexicon, bytes_of(text, used), &df, &entries, err);
    if (status == AF_OK && df > 0)
        picks_offer(picks, bytes_of(text, used), df, 1);
    return status;
}

/* First letter wrong or missing: one look-up for each letter of the alphabet. */
static enum status other_first_letters(const struct lexicon *lexicon, const struct edit *edit,
                                       const struct alphabet *alphabet, struct picks *picks,
                                       struct error *err)
{
    uint32_t word[EDIT_LETTERS_MAX + 1];
    enum status status;

    for (uint32_t i = 0; i < edit->typed_len; i++)
        word[i + 1] = edit->typed[i];
    for (uint32_t letter = alphabet->low; letter <= alphabet->high; letter++) {
        word[0] = letter;
        if ((status = look_up(lexicon, word, edit->typed_len + 1, picks, err)) != AF_OK)
            return status;
        if (letter == edit->typed[0])
            continue; /* the word as it was typed */
        word[1] = letter;
        if ((status = look_up(lexicon, word + 1, edit->typed_len, picks, err)) != AF_OK)
            return status;
        word[1] = edit->typed[0];
    }
    return AF_OK;
}

/* A letter too many in front, or the first two swapped. */
static enum status moved_first_letter(const struct lexicon *lexicon, const struct edit *edit,
                                      struct picks *picks, struct error *err)
{
    uint32_t word[EDIT_LETTERS_MAX];
    enum status status;

    if (edit->typed_len < 2 || edit->typed[0] == edit->typed[1])
        return AF_OK;
    if ((status = look_up(lexicon, edit->typed + 1, edit->typed_len - 1, picks, err)) != AF_OK)
        return status;
    memcpy(word, edit->typed, edit->typed_len * sizeof *word);
    word[0] = edit->typed[1];
    word[1] = edit->typed[0];
    return look_up(lexicon, word, edit->typed_len, picks, err);
}

enum status fuzzy_find(const struct lexicon *lexicon, struct bytes word, bool prefix,
                       struct picks *picks, struct error *err)
{
    struct fuzzy fuzzy;
    uint8_t from[5] = {TERM_WORD};
    enum status status;
    size_t used;

    if (!fuzzy_init(&fuzzy, word, prefix, picks))
        return AF_OK;
    used = 1 + utf8_encode(fuzzy.edit.typed[0], from + 1);
    status = lexicon_walk(lexicon, bytes_of(from, used), fuzzy_visit, &fuzzy, err);
    for (size_t i = 0; status == AF_OK && i < sizeof alphabets / sizeof *alphabets; i++)
        if (fuzzy.edit.typed[0] >= alphabets[i].low && fuzzy.edit.typed[0] <= alphabets[i].high)
            status = other_first_letters(lexicon, &fuzzy.edit, &alphabets[i], picks, err);
    if (status == AF_OK)
        status = moved_first_letter(lexicon, &fuzzy.edit, picks, err);
    if (status == AF_OK && picks->exhausted)
        status = arena_exhausted(lexicon->arena, err);
    return status;
}
