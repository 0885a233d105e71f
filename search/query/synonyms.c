#include "search/query/synonyms.h"

#include "search/query/filler.h"
#include "search/query/other_words.h"

/* --- where something is known ------------------------------------------------------------- */

struct scan {
    const struct vocabularies *words;
    struct bytes text;
    unsigned langs;
    struct synonym_place *places;
    uint32_t count, room;
    size_t asks_end, known_end; /* of the last place of either kind */
};

static bool is_without(const struct vocabularies *words, struct bytes text)
{
    const struct vocabulary_phrase *phrase =
        words->own->has_without ? vocabulary_find(words->own, text) : NULL;

    return phrase != NULL && (phrase->flags & PHRASE_WITHOUT) != 0;
}

static bool has_rules(const struct vocabulary *v, const struct vocabulary_phrase *phrase,
                      unsigned langs)
{
    for (uint32_t i = 0; i < phrase->rules_count; i++)
        if ((v->rules[phrase->rules + i].langs & langs) != 0)
            return true;
    return false;
}

/* The longest phrase at `at` that says something of the kind that is asked for. */
static const struct vocabulary_phrase *known_at(const struct scan *s, const struct vocabulary *v,
                                                const struct vocabulary_phrase *phrase, size_t at,
                                                bool asks)
{
    for (; phrase != NULL; phrase = vocabulary_shorter(v, s->text, at, phrase)) {
        if (asks ? (phrase->flags & PHRASE_ASKS) == 0 : !has_rules(v, phrase, s->langs))
            continue;
        if (v != s->words->shipped || !is_without(s->words, vocabulary_text(v, phrase)))
            break;
    }
    return phrase;
}

/* The longer of what the two vocabularies have; both, when it is the same phrase. */
static void note_place(struct scan *s, const struct vocabulary_phrase *const longest[2], size_t at,
                       bool asks)
{
    const struct vocabulary *v[2] = {s->words->own, s->words->shipped};
    struct synonym_place place = {.start = (uint32_t)at, .end = (uint32_t)at, .asks = asks};

    for (int i = 0; i < 2; i++) {
        const struct vocabulary_phrase *phrase = known_at(s, v[i], longest[i], at, asks);

        if (phrase == NULL || at + phrase->len < place.end)
            continue;
        if (at + phrase->len > place.end)
            place.phrases[0] = place.phrases[1] = NULL;
        place.phrases[i] = phrase;
        place.end = (uint32_t)(at + phrase->len);
    }
    if (place.end == at || s->count == s->room || (!asks && place.end <= s->asks_end))
        return;
    s->places[s->count++] = place;
    *(asks ? &s->asks_end : &s->known_end) = place.end;
}

enum status synonyms_find(const struct vocabularies *words, const struct query *query,
                          struct arena *arena, struct synonym_place **out, uint32_t *count,
                          struct error *err)
{
    struct scan s = {.words = words,
                     .text = query->folded,
                     .langs = vocabulary_langs_of(query->folded),
                     .room = EXPAND_SYNONYM_PLACES_MAX};

    for (size_t at = 0; at < s.text.len; at++) {
        const struct vocabulary_phrase *longest[2];

        if (s.text.data[at] <= ' ' || !vocabulary_may_begin(s.text, at))
            continue;
        longest[0] = vocabulary_longest(words->own, s.text, at);
        longest[1] = vocabulary_longest(words->shipped, s.text, at);
        if (longest[0] == NULL && longest[1] == NULL)
            continue;
        if (s.places == NULL && (s.places = arena_array(arena, s.room, sizeof *s.places)) == NULL)
            return arena_exhausted(arena, err);
        if (at >= s.asks_end)
            note_place(&s, longest, at, true);
        if (at >= s.known_end)
            note_place(&s, longest, at, false);
    }
    *out = s.places;
    *count = s.count;
    return AF_OK;
}

/* --- from the words to the groups ---------------------------------------------------------- */

struct adding {
    const struct vocabularies *words;
    struct other_words other;
    struct query *query;
    unsigned langs;
    struct error *err;
};

/* The phrases that one of a vocabulary stands for, the same before the near. */
static enum status add_rules(struct adding *a, const struct vocabulary *v,
                             const struct vocabulary_phrase *phrase)
{
    enum status status = AF_OK;

    for (uint32_t i = 0; status == AF_OK && phrase != NULL && i < phrase->rules_count; i++) {
        const struct vocabulary_rule *rule = &v->rules[phrase->rules + i];
        struct bytes text = vocabulary_text(v, &v->phrases[rule->phrase]);

        if ((rule->langs & a->langs) == 0)
            continue;
        if (v == a->words->shipped && is_without(a->words, text))
            continue;
        status = other_words_add(&a->other, text, (enum vocabulary_meaning)rule->meaning, a->err);
    }
    return status;
}

static bool is_inside(const struct group *group, const struct synonym_place *place)
{
    return group->start >= place->start && group->end <= place->end;
}

/* Was nothing else asked? */
static bool is_whole(const struct query *query, const struct synonym_place *place)
{
    for (uint32_t i = 0; i < query->groups_count; i++)
        if (!query->groups[i].filler && !is_inside(&query->groups[i], place))
            return false;
    return true;
}

/* At most how many cases have what was typed there. */
static enum status typed_cases(struct adding *a, const struct synonym_place *place, uint64_t *cases)
{
    const struct term_entry *entries;
    enum status status = AF_OK;

    *cases = UINT64_MAX;
    for (uint32_t i = 0; status == AF_OK && i < a->query->groups_count; i++) {
        const struct group *group = &a->query->groups[i];
        uint64_t most = 0, df;

        if (!is_inside(group, place) || group->kind == GROUP_PART)
            continue;
        for (const struct member *m = group->members; status == AF_OK && m != NULL; m = m->next) {
            status = lexicon_find(a->other.lexicon, m->term, &df, &entries, a->err);
            most = status == AF_OK && df > most ? df : most;
        }
        *cases = most < *cases ? most : *cases;
    }
    return status;
}

static enum status add_place(struct adding *a, const struct synonym_place *place)
{
    enum status status = other_words_begin(&a->other, place->start, place->end, a->err);

    if (status == AF_OK)
        status = add_rules(a, a->words->own, place->phrases[0]);
    return status == AF_OK ? add_rules(a, a->words->shipped, place->phrases[1]) : status;
}

static enum status add_first(struct adding *a, const struct synonym_place *place)
{
    enum status status = AF_OK;
    uint64_t cases = 0;

    if ((a->query->one_phrase = is_whole(a->query, place)))
        status = typed_cases(a, place, &cases);
    if (status != AF_OK || cases < HITS_DEFAULT)
        return status == AF_OK ? add_place(a, place) : status;
    a->query->put_off = true;
    return AF_OK;
}

static struct adding adding_of(const struct vocabularies *words, struct analyzer *analyzer,
                               const struct lexicon *lexicon, struct query *query,
                               struct error *err)
{
    return (struct adding){
        .words = words,
        .other = {.analyzer = analyzer, .lexicon = lexicon, .query = query},
        .query = query,
        .langs = vocabulary_langs_of(query->folded),
        .err = err
    };
}

enum status synonyms_add(const struct vocabularies *words, struct analyzer *analyzer,
                         const struct lexicon *lexicon, struct query *query, struct error *err)
{
    struct adding a = adding_of(words, analyzer, lexicon, query, err);
    struct synonym_place *places;
    uint32_t count;
    enum status status = synonyms_find(words, query, lexicon->arena, &places, &count, err);

    if (status != AF_OK || count == 0)
        return status;
    for (uint32_t i = 0; i < count; i++)
        if (places[i].asks)
            filler_mark(query, places[i].start, places[i].end);
    filler_settle(query);
    for (uint32_t i = 0; status == AF_OK && i < count; i++)
        if (!places[i].asks)
            status = add_first(&a, &places[i]);
    return status;
}

enum status synonyms_add_wider(const struct vocabularies *words, struct analyzer *analyzer,
                               const struct lexicon *lexicon, struct query *query, bool *changed,
                               struct error *err)
{
    struct adding a = adding_of(words, analyzer, lexicon, query, err);
    struct synonym_place *places;
    uint32_t count = 0;
    enum status status = AF_OK;

    *changed = false;
    if (query->put_off)
        status = synonyms_find(words, query, lexicon->arena, &places, &count, err);
    for (uint32_t i = 0; status == AF_OK && i < count; i++) {
        if (places[i].asks)
            continue;
        status = add_place(&a, &places[i]);
        *changed = *changed || a.other.followed > 0;
    }
    query->put_off = false;
    return status;
}
