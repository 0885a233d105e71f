/* rate: how good are these constants?
 *
 *   rate STORE DATASETS SET KIND...
 *
 * Asks every judged question of a set (KIND: "" or ".title" …) and prints a line for each kind:
 * SET.KIND TAB nDCG@10 summed over one half TAB its questions TAB the same of the other half.
 * Reads lines "name=value …" (constants.h) and answers each so, then with an empty line; first
 * it prints all constants with their values, and an empty line. */
#include "intake/app.h"
#include "search/tune.h"
#include "tests/relevance/constants.h"
#include "tests/relevance/judged.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 64 << 20, KINDS = 16, WORDS_BYTES = 4096, HITS = 10 };

struct rating {
    struct searcher *searcher;
    struct arena *arena;
    struct judged_kind kinds[KINDS];
    int count;
};

_Noreturn static void die(const char *what)
{
    fprintf(stderr, "rate: %s\n", what);
    exit(1);
}

static void check(enum status status, const struct error *err)
{
    if (status != AF_OK)
        die(err->text);
}

static double ask(struct rating *r, const struct judged *question)
{
    struct search_request request = {
        .query = bytes_of((const uint8_t *)json_string_value(question->text),
                          json_string_length(question->text)),
        .limit = HITS,
        .audience = AUDIENCE_INTERNAL};
    struct search_result result;
    struct bytes ids[HITS];
    struct error err;

    arena_clear(r->arena);
    check(search_run(r->searcher, &request, r->arena, &result, &err), &err);
    for (uint32_t i = 0; i < result.hits_count; i++)
        ids[i] = result.hits[i].id;
    return judged_ndcg(question, ids, result.hits_count);
}

static void rate(struct rating *r, char *words)
{
    struct constants constants;

    constants_init(&constants);
    if (!constants_set(&constants, words))
        die("no such constant");
    searcher_tune(r->searcher, &constants.settings);
    for (int k = 0; k < r->count; k++) {
        const struct judged_kind *kind = &r->kinds[k];
        double sum[2] = {0, 0};
        size_t count[2] = {0, 0};

        for (size_t i = 0; i < kind->count; i++) {
            sum[kind->questions[i].half] += ask(r, &kind->questions[i]);
            count[kind->questions[i].half]++;
        }
        printf("%s\t%.6f\t%zu\t%.6f\t%zu\n", kind->name, sum[0], count[0], sum[1], count[1]);
    }
    printf("\n");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    struct rating r = {.arena = arena_new(ARENA_BYTES)};
    struct constants constants;
    char words[WORDS_BYTES];
    struct app *app;
    struct error err;

    if (argc < 5 || argc > 4 + KINDS || r.arena == NULL)
        die("usage: rate STORE DATASETS SET KIND...");
    check(app_open(argv[1], APP_READ, &app, &err), &err);
    check(app_borrow_searcher(app, &r.searcher, &err), &err);
    for (int i = 4; i < argc; i++)
        if (judged_read(argv[2], argv[3], argv[i], &r.kinds[r.count]))
            r.count++;
        else
            judged_release(&r.kinds[r.count]);
    constants_init(&constants);
    constants_print(&constants);
    printf("\n");
    fflush(stdout);
    while (fgets(words, sizeof words, stdin) != NULL)
        rate(&r, words);
    for (int k = 0; k < r.count; k++)
        judged_release(&r.kinds[k]);
    app_return_searcher(app, r.searcher);
    app_close(app);
    arena_free(r.arena);
    return 0;
}
