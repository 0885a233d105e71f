#include "search/query/forms.h"

#include "data/base/limits.h"
#include "search/query/picks.h"

#define SHORT_HALF_BYTES 3  /* of log in, wi fi: two long words are rarely one */
#define CODE_PREFIX_BYTES 3 /* shorter beginnings of codes are everywhere */

/* Weights of forms that were not typed; 1 is the typed form. */
static const float class_weight = 0.9f, prefix_weight = 0.8f, stem_weight = 0.7f,
                   join_weight = 0.7f, infix_weight = 0.5f,
                   dotted_weight = 0.5f; /* 1114 is hardly 1.1.14 */

enum status form_add(struct expansion *x, struct group *group, struct bytes term, float weight,
                     enum reason reason)
{
    if (term.data == NULL || !group_add(group, x->lexicon->arena, term, weight, reason))
        return arena_exhausted(x->lexicon->arena, x->err);
    return AF_OK;
}

static enum status add_text(struct expansion *x, struct group *group, uint8_t term_class,
                            struct bytes text, float weight, enum reason reason)
{
    return form_add(x, group, lexicon_term(x->lexicon, term_class, text), weight, reason);
}

/* --- the same text in other classes ------------------------------------------------------ */

static struct bytes without_zeros(struct bytes text)
{
    while (text.len > 1 && text.data[0] == '0')
        text = bytes_of(text.data + 1, text.len - 1);
    return text;
}

/* The squeezed form of a code; its text when it has none. */
struct bytes form_squeezed(const struct group *group)
{
    for (const struct member *m = group->members; m != NULL; m = m->next)
        if (m->term.data[0] == TERM_SQUEEZED)
            return bytes_of(m->term.data + 1, m->term.len - 1);
    return group->text;
}

enum status forms_classes(struct expansion *x, struct group *group)
{
    static const struct {
        enum group_kind kind;
        uint8_t term_class;
    } others[] = {
        {GROUP_WORD,   TERM_PART    },
        {GROUP_WORD,   TERM_SQUEEZED},
        {GROUP_NUMBER, TERM_PART    },
        {GROUP_NUMBER, TERM_SQUEEZED},
        {GROUP_PART,   TERM_WORD    },
        {GROUP_PART,   TERM_NUMBER  },
        {GROUP_CODE,   TERM_WORD    },
        {GROUP_CODE,   TERM_NUMBER  },
        {GROUP_CODE,   TERM_PART    },
    };
    struct bytes text = group->kind == GROUP_CODE ? form_squeezed(group) : group->text;
    struct bytes digits = without_zeros(text);
    enum status status = AF_OK;

    for (size_t i = 0; status == AF_OK && i < sizeof others / sizeof *others; i++) {
        bool dotted = group->kind == GROUP_NUMBER && others[i].term_class == TERM_SQUEEZED;

        if (others[i].kind == group->kind)
            status = add_text(x, group, others[i].term_class, text,
                              dotted ? dotted_weight : class_weight, REASON_VARIANT);
    }
    if (status == AF_OK && group->kind == GROUP_NUMBER && digits.len < text.len) {
        status = add_text(x, group, TERM_NUMBER, digits, stem_weight, REASON_VARIANT);
        if (status == AF_OK)
            status = add_text(x, group, TERM_PART, digits, stem_weight, REASON_VARIANT);
    }
    return status;
}

struct stem_visit {
    struct expansion *x;
    struct group *group;
    float weight;
    enum reason reason;
    uint32_t left;
    enum status status;
};

static void add_stem(void *context, struct bytes term)
{
    struct stem_visit *visit = context;

    if (visit->left == 0 || visit->status != AF_OK)
        return;
    visit->left--;
    visit->status = form_add(visit->x, visit->group, term, visit->weight, visit->reason);
}

static enum status add_stems(struct expansion *x, struct group *group, struct bytes text,
                             float weight, enum reason reason)
{
    struct stem_visit visit = {x, group, weight, reason, EXPAND_STEM_MAX, AF_OK};
    struct bytes word = lexicon_term(x->lexicon, TERM_WORD, text);
    enum status status = AF_OK;

    if (word.data == NULL)
        return arena_exhausted(x->lexicon->arena, x->err);
    for (uint32_t i = 0; status == AF_OK && i < x->lexicon->segments; i++)
        status =
            segment_stem_siblings(snapshot_segment(x->lexicon->snapshot, i), x->lexicon->stemmer,
                                  word, x->lexicon->arena, add_stem, &visit, x->err);
    return status == AF_OK ? visit.status : status;
}

enum status forms_stems(struct expansion *x, struct group *group)
{
    return add_stems(x, group, group->text, stem_weight, REASON_VARIANT);
}

enum status forms_of_correction(struct expansion *x, struct group *group, struct bytes word,
                                float weight)
{
    enum status status = add_text(x, group, TERM_PART, word, weight * class_weight, REASON_TYPO);

    if (status == AF_OK)
        status = add_stems(x, group, word, weight * stem_weight, REASON_TYPO);
    return status;
}

/* --- beginnings and pieces --------------------------------------------------------------- */

struct scan {
    struct bytes from;
    uint32_t left;
    struct picks picks;
};

static size_t scan_visit(void *context, struct bytes term, uint64_t df)
{
    struct scan *scan = context;

    if (scan->left == 0 || !bytes_has_prefix(term, scan->from))
        return LEXICON_STOP;
    scan->left--;
    picks_offer(&scan->picks, term, df, 0);
    return LEXICON_NEXT;
}

/* The commonest first, until together they are in so many cases that more would only take time:
 * what so much begins with says little, and a common word as it was typed is hardly unfinished. */
static enum status add_prefix(struct expansion *x, struct group *group, uint8_t term_class,
                              struct bytes text)
{
    uint64_t cases = group->df;
    struct scan scan = {.from = lexicon_term(x->lexicon, term_class, text),
                        .left = EXPAND_SCAN_MAX};
    enum status status;

    if (scan.from.data == NULL)
        return arena_exhausted(x->lexicon->arena, x->err);
    picks_init(&scan.picks, x->lexicon->arena, EXPAND_PREFIX_MAX);
    status = lexicon_walk(x->lexicon, scan.from, scan_visit, &scan, x->err);
    if (status == AF_OK && scan.picks.exhausted)
        status = arena_exhausted(x->lexicon->arena, x->err);
    picks_sort(&scan.picks);
    for (uint32_t i = 0; status == AF_OK && i < scan.picks.count; i++) {
        if (cases > 0 && cases + scan.picks.list[i].df > EXPAND_PREFIX_CASES)
            break;
        cases += scan.picks.list[i].df;
        status = form_add(x, group, scan.picks.list[i].term, prefix_weight, REASON_PREFIX);
    }
    return status;
}

enum status forms_prefixes(struct expansion *x, struct group *group)
{
    enum status status = AF_OK;

    if (group->kind == GROUP_WORD)
        status = add_prefix(x, group, TERM_WORD, group->text);
    if (status == AF_OK && group->kind == GROUP_NUMBER) {
        status = add_prefix(x, group, TERM_NUMBER, group->text);
        if (status == AF_OK)
            status = add_prefix(x, group, TERM_PART, group->text);
    }
    if (status == AF_OK && form_squeezed(group).len >= CODE_PREFIX_BYTES)
        status = add_prefix(x, group, TERM_SQUEEZED, form_squeezed(group));
    return status;
}

struct pieces {
    struct expansion *x;
    struct group *group;
    uint32_t room;
    enum status status;
};

static bool add_piece(void *context, struct bytes term)
{
    struct pieces *pieces = context;

    pieces->status = form_add(pieces->x, pieces->group, term, infix_weight, REASON_VARIANT);
    return pieces->status == AF_OK && --pieces->room > 0;
}

/* A piece from the middle of words and codes: the last resort, so that nothing that stands in
 * a case is unfindable. */
enum status forms_infixes(struct expansion *x, struct group *group)
{
    static const uint8_t classes[] = {TERM_WORD, TERM_SQUEEZED};
    struct pieces pieces = {x, group, EXPAND_PREFIX_MAX, AF_OK};
    struct bytes piece = form_squeezed(group);
    enum status status = AF_OK;

    for (size_t i = 0; status == AF_OK && pieces.room > 0 && i < sizeof classes; i++) {
        status = lexicon_find_piece(x->lexicon, classes[i], piece, &x->infix_left, add_piece,
                                    &pieces, x->err);
        if (status == AF_OK)
            status = pieces.status;
    }
    return status;
}

/* --- words that may be one --------------------------------------------------------------- */

static bool is_halves(const struct query *query, const struct group *a, const struct group *b)
{
    if ((a->kind != GROUP_WORD && a->kind != GROUP_NUMBER) || a->required ||
        (b->kind != GROUP_WORD && b->kind != GROUP_NUMBER))
        return false;
    if (a->text.len < 2 || b->text.len < 2 ||
        (a->text.len > SHORT_HALF_BYTES && b->text.len > SHORT_HALF_BYTES))
        return false;
    return b->start == a->end + 1 && query->folded.data[a->end] == ' ';
}

/* "log in" is login and "ora 942" is ora942, if the index knows them: a form of both halves. */
static enum status join(struct expansion *x, struct group *a, struct group *b)
{
    const struct lexicon *lexicon = x->lexicon;
    bool digits = a->kind == GROUP_NUMBER || b->kind == GROUP_NUMBER;
    const struct term_entry *entries;
    enum status status;
    struct bytes term;
    uint64_t df;
    char *text;

    text = arena_printf(lexicon->arena, "%c%.*s%.*s", digits ? TERM_SQUEEZED : TERM_WORD,
                        (int)a->text.len, (const char *)a->text.data, (int)b->text.len,
                        (const char *)b->text.data);
    if (text == NULL)
        return arena_exhausted(lexicon->arena, x->err);
    term = bytes_str(text);
    if ((status = lexicon_find(lexicon, term, &df, &entries, x->err)) != AF_OK || df == 0)
        return status;
    if ((status = form_add(x, a, term, join_weight, REASON_VARIANT)) == AF_OK)
        status = form_add(x, b, term, join_weight, REASON_VARIANT);
    return status;
}

enum status forms_joined(struct expansion *x)
{
    struct query *query = x->query;
    enum status status = AF_OK;

    for (uint32_t i = 0; status == AF_OK && i + 1 < query->groups_count; i++)
        if (is_halves(query, &query->groups[i], &query->groups[i + 1]))
            status = join(x, &query->groups[i], &query->groups[i + 1]);
    return status;
}
