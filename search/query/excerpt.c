#include "search/query/excerpt.h"

#include "data/base/utf8.h"
#include "indexer/text/script.h"

#include <string.h>

#define LINE_BYTES_MAX 240 /* a longer line is cut into such as long, at blanks */
#define ALIKE_MAX 3        /* lines with identifiers of the same letters: order-88123, -88124 … */
#define LETTERS_SEEN 256   /* sorts of letters that are counted apart, about */
#define LETTERS_MAX 10
#define DIGITS_MIN 3
#define HEX_MIN 4
#define WORD_MAX 12

enum sort { SORT_BOTH, SORT_FAULT, SORT_WORD, SORT_COUNT, SORT_NONE = SORT_COUNT };

/* What one line was taken for. */
struct telling {
    enum sort sort;
    uint32_t letters; /* of its identifier, as a number below LETTERS_SEEN */
};

/* Lines of one sort. */
struct pile {
    uint8_t *data;
    size_t len, most;
};

struct excerpt {
    struct pile piles[SORT_COUNT];
    uint8_t alike[LETTERS_SEEN];
};

static uint8_t small(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 'a' - 'A') : c;
}

static bool is_letter(uint8_t c)
{
    return small(c) >= 'a' && small(c) <= 'z';
}

static bool is_alnum(uint8_t c)
{
    return is_letter(c) || script_is_digit(c);
}

static uint8_t byte_at(struct bytes text, size_t at)
{
    return at < text.len ? text.data[at] : 0;
}

/* --- identifiers and words --------------------------------------------------------------- */

static size_t letters_end(struct bytes text, size_t at)
{
    while (at < text.len && is_letter(text.data[at]))
        at++;
    return at;
}

static size_t hex_end(struct bytes text, size_t at)
{
    size_t end = at + 2;

    while (end < text.len && script_is_hex(small(text.data[end])))
        end++;
    return end - at >= 2 + HEX_MIN && !is_alnum(byte_at(text, end)) ? end : at;
}

size_t excerpt_fault_end(struct bytes text, size_t at)
{
    size_t end = letters_end(text, at), digits = 0;

    if (byte_at(text, at) == '0' && small(byte_at(text, at + 1)) == 'x')
        return hex_end(text, at);
    if (end == at || end - at > LETTERS_MAX)
        return at;
    for (; end < text.len; end++) {
        uint8_t c = text.data[end];

        if (script_is_digit(c))
            digits++;
        else if ((c != '-' && c != '_') || !script_is_digit(byte_at(text, end + 1)))
            break;
    }
    return digits >= DIGITS_MIN && !is_letter(byte_at(text, end)) ? end : at;
}

static bool says_failing(struct bytes word)
{
    static const char *const words[] = {
        "error", "errors", "err",   "exception", "fail",    "failed", "fails",  "failure", "fatal",
        "panic", "denied", "abort", "critical",  "refused", "crash",  "fehler", "erreur"};
    uint8_t text[WORD_MAX];

    if (word.len > WORD_MAX)
        return false;
    for (size_t i = 0; i < word.len; i++)
        text[i] = small(word.data[i]);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (bytes_equal(bytes_of(text, word.len), bytes_str(words[i])))
            return true;
    return false;
}

/* In scripts without blanks, anywhere in the line. */
static bool has_failing(struct bytes line)
{
    static const char *const words[] = {"错误", "錯誤",   "失败", "失敗", "异常",
                                        "異常", "エラー", "오류", "실패", "ошибк"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (memmem(line.data, line.len, words[i], strlen(words[i])) != NULL)
            return true;
    return false;
}

static uint32_t letters_number(struct bytes text, size_t at)
{
    uint32_t number = 0;

    for (; is_letter(byte_at(text, at)); at++)
        number = number * 31 + small(text.data[at]);
    return number % LETTERS_SEEN;
}

/* Has the line an identifier of a sort that there was not enough of, and a word for failing? */
static struct telling look_at(const struct excerpt *x, struct bytes line)
{
    struct telling found = {.sort = SORT_NONE};
    bool fault = false, word = false, wide = false;
    size_t at = 0;

    while (at < line.len) {
        size_t end = excerpt_fault_end(line, at), letters = letters_end(line, at);

        if (end > at && !fault) {
            found.letters = letters_number(line, at);
            fault = x->alike[found.letters] < ALIKE_MAX;
        } else if (end == at && letters > at) {
            word = word || says_failing(bytes_of(line.data + at, letters - at));
        }
        wide = wide || line.data[at] >= 0x80;
        at = end > at ? end : letters > at ? letters : at + 1;
        while (script_is_digit(byte_at(line, at)) && script_is_digit(line.data[at - 1]))
            at++;
    }
    word = word || (wide && has_failing(line));
    found.sort = fault && word ? SORT_BOTH : fault ? SORT_FAULT : word ? SORT_WORD : SORT_NONE;
    return found;
}

/* --- putting together -------------------------------------------------------------------- */

static void add(struct pile *pile, struct bytes line)
{
    if (pile->len + line.len + 1 > pile->most)
        return;
    pile->data[pile->len++] = '\n';
    memcpy(pile->data + pile->len, line.data, line.len);
    pile->len += line.len;
}

static void sort_line(struct excerpt *x, struct bytes line)
{
    struct telling found = look_at(x, line);

    if (found.sort == SORT_NONE)
        return;
    if (found.sort != SORT_WORD)
        x->alike[found.letters]++;
    add(&x->piles[found.sort], line);
}

/* The next line without its end, or as much of a long one as is looked at together. */
static struct bytes line_of(struct bytes text)
{
    struct bytes line = utf8_cut(text, LINE_BYTES_MAX);
    const uint8_t *end = memchr(line.data, '\n', line.len);

    if (end == NULL && line.len < text.len)
        end = memrchr(line.data, ' ', line.len);
    return end == NULL ? line : bytes_of(line.data, (size_t)(end - line.data));
}

/* Half of the room is the beginning's; it ends where a line does, if one does late enough. */
static struct bytes beginning_of(struct bytes text, size_t most)
{
    struct bytes half = utf8_cut(text, most / 2);
    const uint8_t *newline = memrchr(half.data, '\n', half.len);

    return newline != NULL && (size_t)(newline - half.data) > half.len / 2
               ? bytes_of(half.data, (size_t)(newline - half.data))
               : half;
}

struct bytes excerpt_of(struct bytes text, size_t most, struct arena *arena)
{
    struct excerpt x = {0};
    struct bytes beginning, line;
    struct pile out = {.most = most};

    if (text.len <= most)
        return text;
    beginning = beginning_of(text, most);
    out.data = arena_alloc(arena, most);
    for (int i = 0; i < SORT_COUNT; i++) {
        x.piles[i].most = most - beginning.len;
        if ((x.piles[i].data = arena_alloc(arena, x.piles[i].most)) == NULL || out.data == NULL)
            return BYTES_NONE;
    }
    for (size_t at = beginning.len; at < text.len; at += line.len + (line.len == 0)) {
        line = line_of(bytes_of(text.data + at, text.len - at));
        sort_line(&x, line);
    }
    memcpy(out.data, beginning.data, out.len = beginning.len);
    for (int i = 0; i < SORT_COUNT; i++) {
        size_t room = most - out.len;
        struct bytes pile = utf8_cut(bytes_of(x.piles[i].data, x.piles[i].len), room);

        if (pile.len > 0)
            memcpy(out.data + out.len, pile.data, pile.len);
        out.len += pile.len;
    }
    return out.len == beginning.len ? utf8_cut(text, most) : bytes_of(out.data, out.len);
}
