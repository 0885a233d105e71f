#include "search/query/editdist.h"

#include "data/base/utf8.h"

#include <assert.h>

bool edit_letters(struct bytes word, uint32_t out[EDIT_LETTERS_MAX], uint32_t *len)
{
    struct reader r = reader_of(word);
    uint32_t n = 0;

    while (reader_left(&r) > 0) {
        uint32_t letter = utf8_next(&r);

        if (letter == UTF8_INVALID || n == EDIT_LETTERS_MAX)
            return false;
        out[n++] = letter;
    }
    *len = n;
    return true;
}

bool edit_init(struct edit *edit, struct bytes typed, unsigned max)
{
    if (!edit_letters(typed, edit->typed, &edit->typed_len) || edit->typed_len == 0)
        return false;
    edit->depth = 0;
    edit->max = max;
    for (uint32_t j = 0; j <= edit->typed_len; j++)
        edit->row[0][j] = (uint8_t)j;
    return true;
}

void edit_cut(struct edit *edit, uint32_t depth)
{
    assert(depth <= edit->depth);
    edit->depth = depth;
}

static uint8_t least(uint8_t a, uint8_t b)
{
    return a < b ? a : b;
}

/* Row i from the two rows above it. */
static uint8_t cell(const struct edit *edit, uint32_t i, uint32_t j)
{
    const uint8_t(*row)[EDIT_LETTERS_MAX + 1] = edit->row;
    uint32_t letter = edit->path[i - 1];
    uint8_t same = edit->typed[j - 1] == letter ? 0 : 1;
    uint8_t best = (uint8_t)(row[i - 1][j - 1] + same);

    best = least(best, (uint8_t)(row[i - 1][j] + 1));
    best = least(best, (uint8_t)(row[i][j - 1] + 1));
    if (i > 1 && j > 1 && edit->typed[j - 2] == letter && edit->typed[j - 1] == edit->path[i - 2])
        best = least(best, (uint8_t)(row[i - 2][j - 2] + 1));
    return best;
}

bool edit_push(struct edit *edit, uint32_t letter)
{
    uint32_t i = edit->depth + 1;
    uint8_t best;

    if (edit->depth == EDIT_LETTERS_MAX)
        return false;
    edit->path[edit->depth] = letter;
    edit->depth = i;
    edit->row[i][0] = (uint8_t)i;
    best = (uint8_t)i;
    for (uint32_t j = 1; j <= edit->typed_len; j++) {
        edit->row[i][j] = cell(edit, i, j);
        best = least(best, edit->row[i][j]);
    }
    return best <= edit->max;
}

unsigned edit_distance(const struct edit *edit)
{
    return edit->row[edit->depth][edit->typed_len];
}
