#include "search/query/vocabulary_build.h"

#include "search/query/vocabulary_text.h"

#include <stdlib.h>

#define NO_PHRASE UINT32_MAX

/* A phrase where it stands in the text. */
struct use {
    struct bytes text; /* folded; empty: not used */
    uint64_t beginning;
    uint32_t at, phrase; /* its place among the uses, and the phrase it is */
    uint8_t flags;
};

struct pair {
    uint32_t from, at; /* `at`: in which order they were written */
    struct vocabulary_rule to;
};

struct builder {
    struct bytes text;
    struct folder *folder;
    struct arena *arena;
    struct use *uses;
    uint32_t uses_count;
    struct pair *pairs;
    uint32_t pairs_count;
    struct vocabulary_phrase *phrases;
    struct vocabulary *out;
    struct error *err;
};

/* --- reading and folding ----------------------------------------------------------------- */

static struct bytes without_blanks(struct bytes text)
{
    while (text.len > 0 && text.data[0] == ' ')
        text = bytes_of(text.data + 1, text.len - 1);
    while (text.len > 0 && text.data[text.len - 1] == ' ')
        text.len--;
    return text;
}

static bool is_usable(struct bytes folded)
{
    size_t characters = 0;

    for (size_t i = 0; i < folded.len; i++)
        characters += (folded.data[i] & 0xC0) != 0x80;
    return characters >= 2 && folded.len <= VOCABULARY_PHRASE_BYTES_MAX;
}

static enum status add_use(struct builder *b, struct bytes phrase, uint8_t flags)
{
    struct use *use = &b->uses[b->uses_count];
    struct folded folded;
    enum status status = folder_run(b->folder, phrase, &folded, b->err);

    if (status != AF_OK)
        return status;
    *use = (struct use){.at = b->uses_count++, .phrase = NO_PHRASE, .flags = flags};
    folded.text = without_blanks(folded.text);
    if (!is_usable(folded.text))
        return AF_OK;
    use->text = arena_copy(b->arena, folded.text);
    if (use->text.data == NULL)
        return arena_exhausted(b->arena, b->err);
    use->beginning = vocabulary_beginning(use->text);
    return AF_OK;
}

static enum status add_uses(struct builder *b)
{
    static const uint8_t flags[] = {[LINE_ASKS] = PHRASE_ASKS, [LINE_WITHOUT] = PHRASE_WITHOUT};
    struct vocabulary_lines lines = vocabulary_lines_of(b->text);
    struct vocabulary_line line;
    enum status status;

    while ((status = vocabulary_next_line(&lines, &line, b->err)) == AF_OK)
        for (uint32_t i = 0; i < line.count; i++)
            if ((status = add_use(b, line.phrases[i], flags[line.kind])) != AF_OK)
                return status;
    return status == AF_NOT_FOUND ? AF_OK : status;
}

/* --- phrases ----------------------------------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
    const struct use *x = *(struct use *const *)a, *y = *(struct use *const *)b;

    if (x->beginning != y->beginning)
        return x->beginning < y->beginning ? -1 : 1;
    return bytes_compare(x->text, y->text);
}

/* The phrase of these uses, whose texts are the same; texts stand in the order of phrases. */
static void add_phrase(struct builder *b, struct use *use, char *texts, uint32_t *texts_len)
{
    struct vocabulary *v = b->out;
    struct vocabulary_phrase *last =
        v->phrases_count == 0 ? NULL : &b->phrases[v->phrases_count - 1];

    if (last == NULL || !bytes_equal(vocabulary_text(v, last), use->text)) {
        last = &b->phrases[v->phrases_count++];
        last->at = *texts_len;
        last->len = (uint8_t)use->text.len;
        memcpy(texts + *texts_len, use->text.data, use->text.len);
        *texts_len += (uint32_t)use->text.len;
    }
    last->flags |= use->flags;
    v->has_without = v->has_without || (use->flags & PHRASE_WITHOUT) != 0;
    use->phrase = v->phrases_count - 1;
}

static enum status make_phrases(struct builder *b)
{
    struct use **sorted = arena_array(b->arena, b->uses_count + 1u, sizeof(struct use *));
    uint32_t count = 0, bytes = 0;
    char *texts;

    if (sorted == NULL)
        return arena_exhausted(b->arena, b->err);
    for (uint32_t i = 0; i < b->uses_count; i++)
        if (b->uses[i].text.len > 0) {
            sorted[count++] = &b->uses[i];
            bytes += (uint32_t)b->uses[i].text.len;
        }
    texts = arena_alloc(b->arena, bytes + 1u);
    b->phrases = arena_array(b->arena, count + 1u, sizeof *b->phrases);
    if (texts == NULL || b->phrases == NULL)
        return arena_exhausted(b->arena, b->err);
    if (count > 1)
        qsort(sorted, count, sizeof(struct use *), by_text);
    b->out->texts = texts;
    b->out->phrases = b->phrases;
    bytes = 0;
    for (uint32_t i = 0; i < count; i++)
        add_phrase(b, sorted[i], texts, &bytes);
    return AF_OK;
}

/* --- where they begin -------------------------------------------------------------------- */

static void note_phrase(struct builder *b, struct vocabulary_slot *slots, uint32_t phrase)
{
    struct bytes text = vocabulary_text(b->out, &b->phrases[phrase]);
    uint64_t beginning = vocabulary_beginning(text);
    uint32_t at = vocabulary_hash(beginning) & b->out->mask, before;

    while (slots[at].beginning != 0 && slots[at].beginning != beginning)
        at = (at + 1) & b->out->mask;
    if (slots[at].beginning == 0)
        slots[at] = (struct vocabulary_slot){beginning, phrase, 0};
    /* The last before it, else one of those that that one begins with: as in vocabulary_longest. */
    before = slots[at].count++ == 0 ? 0 : phrase;
    while (before != 0 && !bytes_has_prefix(text, vocabulary_text(b->out, &b->phrases[before - 1])))
        before = b->phrases[before - 1].begins;
    b->phrases[phrase].begins = before;
}

static enum status make_slots(struct builder *b)
{
    struct vocabulary *v = b->out;
    struct vocabulary_slot *slots;
    uint32_t count = 2;

    while (count < 2 * v->phrases_count)
        count *= 2;
    v->mask = count - 1;
    if ((slots = arena_array(b->arena, count, sizeof *slots)) == NULL)
        return arena_exhausted(b->arena, b->err);
    v->slots = slots;
    for (uint32_t i = 0; i < v->phrases_count; i++)
        note_phrase(b, slots, i);
    return AF_OK;
}

/* --- rules ------------------------------------------------------------------------------- */

static uint8_t meaning_of(const struct vocabulary_line *line, uint32_t to)
{
    if (line->kind == LINE_NEAR)
        return MEANS_NEAR;
    return to < line->left ? MEANS_SAME : MEANS_WIDER;
}

static void add_pairs(struct builder *b, const struct vocabulary_line *line, const struct use *uses)
{
    for (uint32_t i = 0; i < line->left; i++)
        for (uint32_t j = 0; j < line->count; j++) {
            if (uses[i].phrase == uses[j].phrase || uses[i].phrase == NO_PHRASE ||
                uses[j].phrase == NO_PHRASE)
                continue;
            b->pairs[b->pairs_count] = (struct pair){
                .from = uses[i].phrase,
                .at = b->pairs_count,
                .to = {uses[j].phrase, line->langs, meaning_of(line, j)}
            };
            b->pairs_count++;
        }
}

/* What is the same before what is near, else as they were written. */
static int by_phrase(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;

    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->to.meaning != y->to.meaning)
        return x->to.meaning < y->to.meaning ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

static bool is_known(const struct vocabulary_rule *rules, uint32_t count,
                     const struct vocabulary_rule *rule)
{
    for (uint32_t i = 0; i < count; i++)
        if (rules[i].phrase == rule->phrase && (rules[i].langs & rule->langs) == rule->langs)
            return true;
    return false;
}

static enum status make_rules(struct builder *b, const struct vocabulary_counts *counts)
{
    struct vocabulary_lines lines = vocabulary_lines_of(b->text);
    struct vocabulary_rule *rules;
    struct vocabulary_line line;
    const struct use *uses = b->uses;

    b->pairs = arena_array(b->arena, counts->rules + 1u, sizeof *b->pairs);
    rules = arena_array(b->arena, counts->rules + 1u, sizeof *rules);
    if (b->pairs == NULL || rules == NULL)
        return arena_exhausted(b->arena, b->err);
    while (vocabulary_next_line(&lines, &line, b->err) == AF_OK) {
        if (line.kind == LINE_SAME || line.kind == LINE_NEAR)
            add_pairs(b, &line, uses);
        uses += line.count;
    }
    if (b->pairs_count > 1)
        qsort(b->pairs, b->pairs_count, sizeof *b->pairs, by_phrase);
    b->out->rules = rules;
    for (uint32_t i = 0; i < b->pairs_count; i++) {
        struct vocabulary_phrase *from = &b->phrases[b->pairs[i].from];

        if (from->rules_count == 0)
            from->rules = b->out->rules_count;
        if (from->rules_count == PHRASE_RULES_MAX ||
            is_known(&rules[from->rules], from->rules_count, &b->pairs[i].to))
            continue;
        rules[b->out->rules_count++] = b->pairs[i].to;
        from->rules_count++;
    }
    return AF_OK;
}

enum status vocabulary_build(struct bytes text, struct folder *folder, struct arena *arena,
                             struct vocabulary *out, struct error *err)
{
    struct vocabulary made = {.texts = ""};
    struct builder b = {.text = text, .folder = folder, .arena = arena, .out = &made, .err = err};
    struct vocabulary_counts counts;
    enum status status = vocabulary_text_check(text, &counts, err);

    if (status != AF_OK)
        return status;
    if ((b.uses = arena_array(arena, counts.phrases + 1u, sizeof *b.uses)) == NULL)
        return arena_exhausted(arena, err);
    if ((status = add_uses(&b)) != AF_OK || (status = make_phrases(&b)) != AF_OK ||
        (status = make_slots(&b)) != AF_OK || (status = make_rules(&b, &counts)) != AF_OK)
        return status;
    *out = made;
    return AF_OK;
}
