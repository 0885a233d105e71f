/* signals: what is known of the first hit, in a library that has the answer and in one that has
 * not.
 *
 *   signals STORE DATASETS SET KIND...
 *
 * A line for each judged question: SET.KIND TAB half TAB place of the right case (0: the first;
 * -1: not found) TAB verdict and signals (search.h) TAB the same without the judged cases. */
#include "data/base/limits.h"
#include "intake/app.h"
#include "tests/relevance/judged.h"

#include <stdio.h>
#include <stdlib.h>

enum { ARENA_BYTES = 64 << 20, HITS = 10 };

struct asking {
    struct searcher *searcher;
    struct arena *arena;
};

static void check(enum status status, const struct error *err)
{
    if (status == AF_OK)
        return;
    fprintf(stderr, "signals: %s\n", err->text);
    exit(1);
}

static struct search_result ask(struct asking *a, const struct judged *question,
                                const struct bytes *without, uint32_t without_count)
{
    struct search_request request = {
        .query = bytes_of((const uint8_t *)json_string_value(question->text),
                          json_string_length(question->text)),
        .limit = HITS,
        .without = without,
        .without_count = without_count,
        .audience = AUDIENCE_INTERNAL};
    struct search_result result;
    struct error err;

    arena_clear(a->arena);
    check(search_run(a->searcher, &request, a->arena, &result, &err), &err);
    return result;
}

static int place_of_answer(const struct judged *question, const struct search_result *result)
{
    for (uint32_t i = 0; i < result->hits_count; i++)
        if (json_object_getn(question->grades, (const char *)result->hits[i].id.data,
                             result->hits[i].id.len) != NULL)
            return (int)i;
    return -1;
}

static void print(const struct confidence *confidence)
{
    printf("\t%s", verdict_name(confidence->verdict));
    for (int i = 0; i < SIGNAL_COUNT; i++)
        printf(" %.5f", confidence->signals[i]);
}

static void print_question(struct asking *a, const char *kind, const struct judged *question)
{
    struct bytes without[SEARCH_WITHOUT_MAX];
    uint32_t count = 0;
    struct search_result result = ask(a, question, NULL, 0);
    const char *id;
    json_t *grade;

    printf("%s\t%u\t%d", kind, question->half, place_of_answer(question, &result));
    print(&result.confidence);
    json_object_foreach(question->grades, id, grade) if (count < SEARCH_WITHOUT_MAX)
        without[count++] = bytes_str(id);
    result = ask(a, question, without, count);
    print(&result.confidence);
    printf("\n");
}

int main(int argc, char **argv)
{
    struct asking a = {.arena = arena_new(ARENA_BYTES)};
    struct app *app;
    struct error err;

    if (argc < 5 || a.arena == NULL) {
        fprintf(stderr, "usage: signals STORE DATASETS SET KIND...\n");
        return 2;
    }
    check(app_open(argv[1], APP_READ, &app, &err), &err);
    check(app_borrow_searcher(app, &a.searcher, &err), &err);
    for (int i = 4; i < argc; i++) {
        struct judged_kind kind;

        if (judged_read(argv[2], argv[3], argv[i], &kind))
            for (size_t q = 0; q < kind.count; q++)
                print_question(&a, kind.name, &kind.questions[q]);
        judged_release(&kind);
    }
    app_return_searcher(app, a.searcher);
    app_close(app);
    arena_free(a.arena);
    return 0;
}
