/* Two stages against ranking every case, on the shipped library: each piece of a sentence of a case
 * is a question that this case answers. On sets with judgments: tests/relevance/stages.c. */
#include "tests/search/every_case.h"
#include "tests/search/library.h"

#include <stdio.h>
#include <string.h>

static const char *const files[] = {"data/sample/en.jsonl", "data/sample/ja.jsonl",
                                    "data/sample/zh-Hans.jsonl", "data/sample/zh-Hant.jsonl"};
static const char *const texts[] = {"title", "symptom", "cause", "resolution"};
static const char *const ends[] = {"。", "，", "、", "；", ". ", ", "};

enum { PIECE_BYTES_MIN = 6, ARENA_BYTES = 256 << 20 };
#define LOSS_MAX 0.005
/* A short question takes cases with all its words before better ones that lack a word (plan.c), so
 * the ends of the lists differ; their beginnings do not. */
#define SHARED_MIN 0.93
#define SAME_FIRST_MIN 0.99

struct comparison {
    struct library *library;
    struct arena *arena;
    unsigned questions, found, all_found, same_first;
    double shared;
};

static json_t *read_cases(void)
{
    json_t *cases = json_array();

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        FILE *file = fopen(files[i], "r");
        char *line = NULL;
        size_t room = 0;

        assert_non_null(file);
        while (getline(&line, &room, file) > 0)
            json_array_append_new(cases, test_json(line));
        free(line);
        fclose(file);
    }
    return cases;
}

static bool has(const struct search_result *result, const char *id)
{
    for (uint32_t i = 0; i < result->hits_count; i++)
        if (bytes_equal(result->hits[i].id, bytes_str(id)))
            return true;
    return false;
}

static bool has_first(const struct search_result *two_stages, const struct search_result *all)
{
    return all->hits_count == 0 ||
           (two_stages->hits_count > 0 && bytes_equal(two_stages->hits[0].id, all->hits[0].id));
}

static void compare(struct comparison *c, struct bytes question, const char *id)
{
    struct search_request request = {
        .query = question, .limit = HITS_DEFAULT, .audience = AUDIENCE_INTERNAL};
    struct search_result two_stages, all;
    struct error err;

    arena_clear(c->arena);
    assert_ok(
        every_case_compare(c->library->searcher, &request, c->arena, &two_stages, &all, &err));
    c->questions++;
    c->found += has(&two_stages, id);
    c->all_found += has(&all, id);
    c->same_first += has_first(&two_stages, &all);
    c->shared += every_case_shared(&two_stages, &all);
}

/* Up to the next end of a piece; moves *at past it. */
static struct bytes next_piece(const char **at)
{
    const char *end = *at + strlen(*at), *next = end;

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const char *found = strstr(*at, ends[i]);

        if (found != NULL && found < end) {
            end = found;
            next = found + strlen(ends[i]);
        }
    }
    struct bytes piece = bytes_of((const uint8_t *)*at, (size_t)(end - *at));
    *at = next;
    return piece;
}

static void compare_case(struct comparison *c, json_t *article)
{
    const char *id = json_string_value(json_object_get(article, "id"));

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *at = json_string_value(json_object_get(article, texts[i]));

        while (at != NULL && *at != '\0') {
            struct bytes piece = next_piece(&at);

            if (piece.len >= PIECE_BYTES_MIN)
                compare(c, piece, id);
        }
    }
}

static void two_stages_find_what_ranking_every_case_finds(void **state)
{
    struct comparison c = {.library = library_new(), .arena = arena_new(ARENA_BYTES)};
    json_t *cases = read_cases(), *article;
    size_t i;

    (void)state;
    library_add_all(c.library, json_incref(cases));
    json_array_foreach(cases, i, article) compare_case(&c, article);
    print_message("%u questions: found by two stages %u, with every case ranked %u; the same first "
                  "case %u times, %.4f of the same ten\n",
                  c.questions, c.found, c.all_found, c.same_first, c.shared / c.questions);
    assert_true(c.questions > 500);
    assert_true(c.found + LOSS_MAX * c.questions >= c.all_found);
    assert_true(c.same_first >= SAME_FIRST_MIN * c.questions);
    assert_true(c.shared >= SHARED_MIN * c.questions);
    json_decref(cases);
    arena_free(c.arena);
    library_free(c.library);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_stages_find_what_ranking_every_case_finds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
