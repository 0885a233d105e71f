/* All fuzz targets without a fuzzer: every file of tests/fuzz/corpus/NAME, then MUTATIONS inputs
 * made of them by chance under a printed seed. tests/fuzz.mk gives the list of targets, each
 * under a name of its own. The input that was being run when something broke is kept in
 * build/replay-NAME. */
#include "tests/harness.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __SANITIZE_THREAD__ /* all is one thread here: little to find, and ten times as slow */
#define MUTATIONS 100
#define MUTATIONS_SLOW 10 /* of a target that takes milliseconds */
#else
#define MUTATIONS 2000
#define MUTATIONS_SLOW 150
#endif
#define INPUT_BYTES_MAX 4096
#define FILES_MAX 200

#define X(name) int fuzz_##name(const uint8_t *data, size_t size);
FUZZ_TARGETS
#undef X

static char kept_path[100]; /* for the handler below */
static const uint8_t *kept;
static size_t kept_len;

static void keep_input(int signal_no)
{
    int fd = open(kept_path, O_CREAT | O_TRUNC | O_WRONLY, 0666);

    if (fd >= 0 && write(fd, kept, kept_len) < 0)
        kept_len = 0;
    (void)signal(signal_no, SIG_DFL);
    (void)raise(signal_no);
}

/* A copy of just the right length, so that the address sanitizer sees a byte too far. */
static void run(int (*target)(const uint8_t *, size_t), struct bytes input)
{
    uint8_t *copy = malloc(input.len + (input.len == 0));

    assert_non_null(copy);
    if (input.len > 0)
        memcpy(copy, input.data, input.len);
    kept = copy;
    kept_len = input.len;
    assert_int_equal(0, target(copy, input.len));
    free(copy);
}

struct corpus {
    struct buf files[FILES_MAX];
    size_t count;
};

static void read_file(const char *dir, const char *name, struct buf *out)
{
    char path[400];
    size_t got;
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    file = fopen(path, "rb");
    assert_non_null(file);
    do {
        uint8_t *at = buf_reserve(out, 4096);

        assert_non_null(at);
        got = fread(at, 1, 4096, file);
        out->len += got;
    } while (got > 0);
    (void)fclose(file);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* In the order of their names, so that a seed means the same everywhere. */
static void read_corpus(const char *name, struct corpus *out)
{
    struct dirent **list;
    char dir[100];
    int n;

    (void)snprintf(dir, sizeof dir, "tests/fuzz/corpus/%s", name);
    n = scandir(dir, &list, is_visible, alphasort);
    assert_true(n > 0 && n <= FILES_MAX);
    for (int i = 0; i < n; i++) {
        read_file(dir, list[i]->d_name, &out->files[out->count++]);
        free(list[i]);
    }
    free(list);
}

static void insert(struct buf *input, size_t at, struct bytes piece)
{
    uint8_t *end = buf_reserve(input, piece.len);

    assert_non_null(end);
    memmove(input->data + at + piece.len, input->data + at, input->len - at);
    memcpy(input->data + at, piece.data, piece.len);
    input->len += piece.len;
}

/* One change: a bit, a byte, a piece less, a piece of another file more, a piece twice. */
static void change(struct test_random *random, const struct corpus *corpus, struct buf *input)
{
    const struct buf *other = &corpus->files[test_random_below(random, (uint32_t)corpus->count)];
    uint32_t at = test_random_below(random, (uint32_t)input->len + 1);
    uint32_t left = (uint32_t)input->len - at, len = test_random_below(random, 1 + left % 64);
    uint32_t from = test_random_below(random, (uint32_t)other->len + 1);
    uint32_t room = (uint32_t)other->len - from;
    uint8_t any = (uint8_t)test_random_next(random);

    switch (test_random_below(random, 5)) {
    case 0:
        if (left > 0)
            input->data[at] ^= (uint8_t)(1u << any % 8);
        break;
    case 1:
        insert(input, at, bytes_of(&any, 1));
        break;
    case 2:
        if (left > 0)
            memmove(input->data + at, input->data + at + len, left - len);
        input->len -= len;
        break;
    case 3:
        if (room > 0)
            insert(input, at, bytes_of(other->data + from, 1 + (size_t)any % room));
        break;
    default:
        if (left > 0)
            input->data[at] = any;
        break;
    }
    if (input->len > INPUT_BYTES_MAX)
        input->len = INPUT_BYTES_MAX;
}

static void replay(const char *name, int (*target)(const uint8_t *, size_t))
{
    struct corpus *corpus = calloc(1, sizeof *corpus);
    struct test_random random = test_random_new();
    bool is_slow = strcmp(name, "search") == 0 || strcmp(name, "commands") == 0;
    unsigned mutations = is_slow ? MUTATIONS_SLOW : MUTATIONS;

    assert_non_null(corpus);
    (void)snprintf(kept_path, sizeof kept_path, "build/replay-%s", name);
    read_corpus(name, corpus);
    run(target, BYTES_NONE);
    for (size_t i = 0; i < corpus->count; i++)
        run(target, buf_bytes(&corpus->files[i]));
    for (unsigned i = 0; i < mutations; i++) {
        const struct buf *seed = &corpus->files[i % corpus->count];
        struct buf input = {0};

        buf_add(&input, buf_bytes(seed));
        for (uint32_t n = 1 + test_random_below(&random, 4); n > 0; n--)
            change(&random, corpus, &input);
        run(target, buf_bytes(&input));
        buf_release(&input);
    }
    for (size_t i = 0; i < corpus->count; i++)
        buf_release(&corpus->files[i]);
    free(corpus);
}

#define X(name)                                                                                    \
    static void name##_holds_for_its_corpus_and_changes_of_it(void **state)                        \
    {                                                                                              \
        (void)state;                                                                               \
        replay(#name, fuzz_##name);                                                                \
    }
FUZZ_TARGETS
#undef X

int main(void)
{
#define X(name) cmocka_unit_test(name##_holds_for_its_corpus_and_changes_of_it),
    const struct CMUnitTest tests[] = {FUZZ_TARGETS};
#undef X

    (void)signal(SIGABRT, keep_input);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
