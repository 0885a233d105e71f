#include "search/query/switched.h"

#include "data/base/limits.h"
#include "indexer/text/reading.h"
#include "search/query/hangul.h"
#include "search/query/kana.h"

#define KEYS_MIN 3 /* of two keys nearly any make a syllable */

/* The cases of the commonest form: of corrections, or of all others. */
static uint64_t df_of(const struct group *group, bool corrections)
{
    uint64_t df = 0;

    for (const struct member *m = group->members; m != NULL; m = m->next)
        if ((m->reason == REASON_TYPO) == corrections && m->df > df)
            df = m->df;
    return df;
}

static bool is_letters(const struct group *group)
{
    for (size_t i = 0; i < group->text.len; i++)
        if ((group->text.data[i] < 'a' || group->text.data[i] > 'z') && group->text.data[i] != '-')
            return false;
    return group->text.len >= KEYS_MIN;
}

static bool try_hangul(struct respell *r, const struct group *group)
{
    const struct query *query = r->x->query;
    uint32_t start = query->source[group->start], end = query->source[group->end];
    uint32_t letters[SWITCHED_LETTERS_MAX];
    size_t count;

    if (end > query->text.len)
        return false;
    count = hangul_of_keys(query->text.data + start, end - start, letters, SWITCHED_LETTERS_MAX);
    return count > 0 && respell_df(r, letters, (uint32_t)count) > 0 &&
           respell_append(r, group, letters, (uint32_t)count, SLIP_KEYS);
}

/* せってい need not be anywhere: 設定 is. In how many cases is the commonest word read so? */
static uint64_t df_of_reading(struct respell *r, const uint32_t *kana, size_t count)
{
    struct reading_range words = reading_words(kana, count);
    uint64_t most = 0;

    for (; words.first < words.end; words.first++) {
        uint32_t letters[READING_WORD_MAX];
        size_t n = reading_word(words.first, letters);
        uint64_t df = respell_df(r, letters, (uint32_t)n);

        most = df > most ? df : most;
    }
    return most;
}

/* saabaa is さーばー when さあばあ says nothing. */
static void lengthen(uint32_t *kana, size_t count)
{
    for (size_t i = count; i-- > 1;)
        if (kana_is_long(kana[i - 1], kana[i]))
            kana[i] = KANA_LONG;
}

static bool try_romaji(struct respell *r, const struct group *group)
{
    const struct query *query = r->x->query;
    struct bytes text = query->folded;
    bool unfinished = query->typing && group->last;
    uint32_t kana[SWITCHED_LETTERS_MAX], end = group->end;
    uint64_t df, words;
    size_t count;

    while (end < text.len && text.data[end] == '-') /* ー at the end is no part of a word */
        end++;
    count = kana_of_romaji(text.data + group->start, end - group->start, unfinished, kana,
                           SWITCHED_LETTERS_MAX);
    if (count < 2)
        return false;
    df = respell_df(r, kana, (uint32_t)count);
    words = df_of_reading(r, kana, count);
    df = words > df ? words : df;
    if (df == 0) {
        lengthen(kana, count);
        df = respell_df(r, kana, (uint32_t)count);
    }
    return df > df_of(group, true) && respell_append(r, group, kana, (uint32_t)count, SLIP_ROMAJI);
}

/* Others say what was meant; ru and ta of ru-ta- do not either. */
static void take_back(struct query *query, const struct group *word, uint32_t typed)
{
    for (uint32_t i = 0; i < typed; i++) {
        struct group *group = &query->groups[i];

        if (group->start < word->start || group->end > word->end)
            continue;
        group->replaced = true;
        group->weight = 0;
    }
}

void switched_words(struct respell *r)
{
    struct query *query = r->x->query;
    uint32_t typed = query->groups_count;

    for (uint32_t i = 0; i < typed && r->status == AF_OK; i++) {
        const struct group *group = &query->groups[i];

        if ((group->kind != GROUP_WORD && group->kind != GROUP_CODE) || group->required ||
            group->replaced || !is_letters(group) || df_of(group, false) > 0)
            continue;
        if (try_hangul(r, group) || try_romaji(r, group))
            take_back(query, group, typed);
    }
}
