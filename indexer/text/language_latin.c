/* language_latin.c: function words and letters vote. Each of the first words of the text is looked
 * up once among those of all languages (language_latin_table_gen.c). */
#include "indexer/text/language_latin.h"

#include "data/base/utf8.h"
#include "indexer/text/language_latin_table.h"

#include <endian.h>
#include <unicode/uchar.h>

#define VOTE_WORDS_MAX 120 /* enough to be sure */
#define WORD_BYTES_MAX 8   /* no function word is longer: one is a number */
#define LEAST_SCORE 2      /* "v1.0" does not make a text Czech */
#define WORD_WEIGHT 4      /* of a function word of three letters or more; a listed letter: 1 */

static uint32_t langs_of_word(uint64_t word)
{
    uint32_t at = latin_slot(word);

    while (latin_words[at].langs != 0 && latin_words[at].word != word)
        at = (at + 1) % LATIN_SLOTS;
    return latin_words[at].langs;
}

static uint32_t langs_of_letter(uint32_t letter)
{
    uint32_t at = latin_slot(letter);

    while (latin_letters[at].langs != 0 && latin_letters[at].letter != letter)
        at = (at + 1) % LATIN_SLOTS;
    return latin_letters[at].langs;
}

/* The next word in lower case as a number, its first byte lowest; 0 when it is too long for a
 * function word. False at the end. */
static bool next_word(struct reader *r, uint64_t *word)
{
    uint8_t bytes[WORD_BYTES_MAX + 4] = {0};
    size_t len = 0;

    while (r->at < r->end) {
        uint32_t cp = *r->at < 0x80 ? *r->at++ : utf8_next(r);
        bool is_letter = cp < 0x80 ? (cp | 0x20) >= 'a' && (cp | 0x20) <= 'z'
                                   : cp != UTF8_INVALID && u_isalpha((UChar32)cp);

        if (!is_letter && len > 0)
            break;
        if (is_letter && len <= WORD_BYTES_MAX)
            len +=
                utf8_encode(cp < 0x80 ? cp | 0x20 : (uint32_t)u_tolower((UChar32)cp), bytes + len);
    }
    memcpy(word, bytes, sizeof *word);
    *word = le64toh(*word);
    if (len > WORD_BYTES_MAX)
        *word = 0;
    return len > 0;
}

static void vote(uint32_t score[LATIN_LANGS_MAX], uint32_t langs, uint32_t weight)
{
    for (; langs != 0; langs &= langs - 1)
        score[__builtin_ctz(langs)] += weight;
}

static void vote_by_words(struct bytes text, uint32_t score[LATIN_LANGS_MAX])
{
    struct reader r = reader_of(text);
    uint64_t word;

    for (int left = VOTE_WORDS_MAX; left > 0 && next_word(&r, &word); left--)
        vote(score, langs_of_word(word), word >> 16 != 0 ? WORD_WEIGHT : word >> 8 != 0 ? 2 : 1);
}

static void vote_by_letters(struct bytes text, uint32_t score[LATIN_LANGS_MAX])
{
    struct reader r = reader_of(text);

    while (r.at < r.end) {
        uint32_t cp = *r.at < 0x80 ? *r.at++ : utf8_next(&r);

        if (cp >= 0x80 && cp != UTF8_INVALID)
            vote(score, langs_of_letter((uint32_t)u_tolower((UChar32)cp)), 1);
    }
}

const char *language_latin(struct bytes text, const char *otherwise)
{
    uint32_t score[LATIN_LANGS_MAX] = {0};
    size_t best = 0;

    vote_by_words(text, score);
    vote_by_letters(text, score);
    for (size_t i = 0; i < latin_count; i++) {
        if (score[i] > score[best])
            best = i;
    }
    return score[best] >= LEAST_SCORE ? latin_tags[best] : otherwise;
}
