#include "search/query/switched.h"

#include "data/base/limits.h"
#include "indexer/text/reading.h"
#include "search/query/hangul.h"
#include "search/query/kana.h"

#define KEYS_MIN 3 /* of two keys nearly any make a syllable */

static const float keys_weight = 0.9f, romaji_weight = 0.8f;

/* Is the group of no use: not a form of it in any case, corrections aside? */
static bool is_unknown(const struct group *group, bool corrections)
{
    for (const struct member *m = group->members; m != NULL; m = m->next)
        if (m->df > 0 && (corrections || m->reason != REASON_TYPO))
            return false;
    return true;
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
           respell_append(r, group, letters, (uint32_t)count, keys_weight, REASON_TYPO);
}

/* せってい need not be anywhere: 設定 is. */
static bool is_reading(struct respell *r, const uint32_t *kana, size_t count)
{
    struct reading_range words = reading_words(kana, count);

    for (; words.first < words.end; words.first++) {
        uint32_t letters[READING_WORD_MAX];
        size_t n = reading_word(words.first, letters);

        if (respell_df(r, letters, (uint32_t)n) > 0)
            return true;
    }
    return false;
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
    size_t count;

    while (end < text.len && text.data[end] == '-') /* ー at the end is no part of a word */
        end++;
    count = kana_of_romaji(text.data + group->start, end - group->start, unfinished, kana,
                           SWITCHED_LETTERS_MAX);
    if (count < 2)
        return false;
    if (respell_df(r, kana, (uint32_t)count) == 0 && !is_reading(r, kana, count)) {
        lengthen(kana, count);
        if (respell_df(r, kana, (uint32_t)count) == 0)
            return false;
    }
    return respell_append(r, group, kana, (uint32_t)count, romaji_weight, REASON_SOUND);
}

void switched_words(struct respell *r)
{
    uint32_t typed = r->x->query->groups_count;

    for (uint32_t i = 0; i < typed && r->status == AF_OK; i++) {
        struct group *group = &r->x->query->groups[i];

        if ((group->kind != GROUP_WORD && group->kind != GROUP_CODE) || group->required ||
            group->replaced || !is_letters(group) || !is_unknown(group, false))
            continue;
        if (try_hangul(r, group) || (is_unknown(group, true) && try_romaji(r, group))) {
            group->replaced = true;
            group->weight = 0;
        }
    }
}
