/* stages: do two stages find what ranking every case finds?
 *
 *   stages STORE DATASETS SET KIND...
 *
 * Asks every judged question of a set twice (KIND: "" or ".title" …): as a search does, and with
 * every case that has any word of it ranked (tests/search/every_case.h). Prints a line a kind:
 *
 *   KIND TAB questions TAB recall@10 TAB the same of every case TAB nDCG@10 TAB of every case
 *   TAB how much of the first ten of every case is among the ten of the search
 *
 * With EACH=1 also a line for each question of which the search finds fewer answers. */
#include "intake/app.h"
#include "tests/relevance/judged.h"
#include "tests/search/every_case.h"

#include <stdio.h>
#include <stdlib.h>

enum { ARENA_BYTES = 1 << 30, HITS = 10 };

struct stages {
    struct searcher *searcher;
    struct arena *arena;
};

struct sums {
    double recall, all_recall, ndcg, all_ndcg, shared;
};

static void check(enum status status, const struct error *err)
{
    if (status == AF_OK)
        return;
    fprintf(stderr, "stages: %s\n", err->text);
    exit(1);
}

static double recall(const struct judged *question, const struct search_result *result)
{
    size_t found = 0;

    for (uint32_t i = 0; i < result->hits_count; i++)
        found += json_object_getn(question->grades, (const char *)result->hits[i].id.data,
                                  result->hits[i].id.len) != NULL;
    return (double)found / (double)json_object_size(question->grades);
}

static double ndcg(const struct judged *question, const struct search_result *result)
{
    struct bytes ids[HITS];

    for (uint32_t i = 0; i < result->hits_count; i++)
        ids[i] = result->hits[i].id;
    return judged_ndcg(question, ids, result->hits_count);
}

static void compare(struct stages *s, const struct judged *question, struct sums *sums)
{
    struct search_request request = {
        .query = bytes_of((const uint8_t *)json_string_value(question->text),
                          json_string_length(question->text)),
        .limit = HITS,
        .audience = AUDIENCE_INTERNAL};
    struct search_result ten, all;
    struct error err;
    double found, all_found;

    arena_clear(s->arena);
    check(every_case_compare(s->searcher, &request, s->arena, &ten, &all, &err), &err);
    found = recall(question, &ten);
    all_found = recall(question, &all);
    if (found != all_found && getenv("EACH") != NULL)
        printf("\t%s\t%.3f\t%.3f\n", json_string_value(question->text), found, all_found);
    sums->recall += found;
    sums->all_recall += all_found;
    sums->ndcg += ndcg(question, &ten);
    sums->all_ndcg += ndcg(question, &all);
    sums->shared += every_case_shared(&ten, &all);
}

static void compare_kind(struct stages *s, const char *name, const struct judged_kind *kind)
{
    struct sums sums = {0};
    double n = (double)kind->count;

    for (size_t i = 0; i < kind->count; i++)
        compare(s, &kind->questions[i], &sums);
    printf("%s\t%zu\t%.5f\t%.5f\t%.5f\t%.5f\t%.5f\n", name[0] == '\0' ? ".main" : name, kind->count,
           sums.recall / n, sums.all_recall / n, sums.ndcg / n, sums.all_ndcg / n, sums.shared / n);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    struct stages s = {.arena = arena_new(ARENA_BYTES)};
    struct app *app;
    struct error err;

    if (argc < 5 || s.arena == NULL) {
        fprintf(stderr, "usage: stages STORE DATASETS SET KIND...\n");
        return 2;
    }
    check(app_open(argv[1], APP_READ, &app, &err), &err);
    check(app_borrow_searcher(app, &s.searcher, &err), &err);
    for (int i = 4; i < argc; i++) {
        struct judged_kind kind;

        if (judged_read(argv[2], argv[3], argv[i], &kind))
            compare_kind(&s, argv[i], &kind);
        judged_release(&kind);
    }
    app_return_searcher(app, s.searcher);
    app_close(app);
    arena_free(s.arena);
    return 0;
}
