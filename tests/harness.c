#include "tests/harness.h"

#include "data/base/clock.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

char *test_dir_new(void)
{
    const char *base = getenv("TMPDIR");
    char path[4096];

    if (base == NULL || base[0] == '\0') {
        base = "build/tmp";
        (void)mkdir("build", 0777);
        (void)mkdir(base, 0777);
    }
    assert_true((size_t)snprintf(path, sizeof path, "%s/test-XXXXXX", base) < sizeof path);
    assert_non_null(mkdtemp(path));
    return strdup(path);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st;
    (void)type;
    (void)where;
    return remove(path);
}

void test_dir_remove(char *dir)
{
    assert_int_equal(0, nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS));
    free(dir);
}

struct test_random test_random_new(void)
{
    const char *given = getenv("TEST_SEED");
    struct test_random random = {given != NULL ? strtoull(given, NULL, 10)
                                               : (uint64_t)clock_steady_us()};

    random.state |= 1; /* zero is the one state it cannot leave */
    print_message("TEST_SEED=%llu\n", (unsigned long long)random.state);
    return random;
}

uint64_t test_random_next(struct test_random *random)
{
    random->state ^= random->state >> 12;
    random->state ^= random->state << 25;
    random->state ^= random->state >> 27;
    return random->state * 0x2545F4914F6CDD1Du;
}

uint32_t test_random_below(struct test_random *random, uint32_t bound)
{
    return (uint32_t)((test_random_next(random) >> 32) * bound >> 32);
}

json_t *test_json(const char *text)
{
    struct error err;
    json_t *json = NULL;

    assert_ok(json_parse(bytes_str(text), &json, &err));
    return json;
}

json_t *test_json_quoted(const char *text)
{
    char *copy = strdup(text);
    json_t *json;

    assert_non_null(copy);
    for (char *c = copy; *c != '\0'; c++)
        if (*c == '\'')
            *c = '"';
    json = test_json(copy);
    free(copy);
    return json;
}
