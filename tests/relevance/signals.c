/* signals: what is known of the first hit (search/match/confidence.h), for a list of questions.
 *
 *   signals STORE < questions
 *
 * A question a line, {"text", "answers": [id …], "without": [id …]}: it is asked as if the library
 * had not the cases of `without`. For each a line: place of the first answer (0: the first hit; -1:
 * not among ten) TAB verdict and signals TAB the first hit's id. */
#include "data/base/limits.h"
#include "intake/app.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { ARENA_BYTES = 64 << 20, LINE_BYTES = 1 << 20, HITS = 10 };

static void check(enum status status, const struct error *err)
{
    if (status == AF_OK)
        return;
    fprintf(stderr, "signals: %s\n", err->text);
    exit(1);
}

/* As many hits more are asked for as may be left out: a library that never had them would have
 * looked as closely at others. */
static struct search_result ask(struct searcher *searcher, json_t *question, struct arena *arena)
{
    struct bytes without[SEARCH_WITHOUT_MAX];
    json_t *text = json_object_get(question, "text"), *id;
    struct search_request request = {
        .query = bytes_of((const uint8_t *)json_string_value(text), json_string_length(text)),
        .without = without,
        .audience = AUDIENCE_INTERNAL};
    struct search_result result;
    struct error err;
    size_t i;

    json_array_foreach(json_object_get(question, "without"), i,
                       id) if (request.without_count < SEARCH_WITHOUT_MAX)
        without[request.without_count++] = bytes_str(json_string_value(id));
    request.limit = HITS + request.without_count;
    arena_clear(arena);
    check(search_run(searcher, &request, arena, &result, &err), &err);
    return result;
}

static bool is_in(json_t *ids, struct bytes wanted)
{
    json_t *id;
    size_t i;

    json_array_foreach(ids, i,
                       id) if (bytes_equal(bytes_str(json_string_value(id)), wanted)) return true;
    return false;
}

static void print(const struct search_result *result, json_t *answers)
{
    int place = -1;

    for (uint32_t i = 0; i < result->hits_count && i < HITS && place < 0; i++)
        if (is_in(answers, result->hits[i].id))
            place = (int)i;
    printf("%d\t%s", place, verdict_name(result->confidence.verdict));
    for (int i = 0; i < SIGNAL_COUNT; i++)
        printf(" %.5f", result->confidence.signals[i]);
    if (result->hits_count > 0)
        printf("\t%.*s\n", (int)result->hits[0].id.len, (const char *)result->hits[0].id.data);
    else
        printf("\t\n");
}

static void answer(struct searcher *searcher, FILE *questions, struct arena *arena)
{
    char *line = malloc(LINE_BYTES);

    while (line != NULL && fgets(line, LINE_BYTES, questions) != NULL) {
        json_t *question = json_loads(line, 0, NULL);
        struct search_result result;

        if (!json_is_string(json_object_get(question, "text"))) {
            fprintf(stderr, "signals: a line without a text\n");
            exit(1);
        }
        result = ask(searcher, question, arena);
        print(&result, json_object_get(question, "answers"));
        json_decref(question);
    }
    free(line);
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_new(ARENA_BYTES);
    struct searcher *searcher;
    struct app *app;
    struct error err;

    if (argc != 2 || arena == NULL) {
        fprintf(stderr, "usage: signals STORE < questions\n");
        return 2;
    }
    check(app_open(argv[1], APP_READ, &app, &err), &err);
    check(app_borrow_searcher(app, &searcher, &err), &err);
    answer(searcher, stdin, arena);
    app_return_searcher(app, searcher);
    app_close(app);
    arena_free(arena);
    return 0;
}
