/* harness.h: what many tests share: the includes that cmocka wants in this order, folders that
 * go away by themselves, and one line to demand success. */
#ifndef ASKFIRST_TESTS_HARNESS_H
#define ASKFIRST_TESTS_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data/base/buf.h"
#include "data/base/bytes.h"
#include "data/base/error.h"
#include "data/base/json.h"

/* A new empty folder under build/tmp (or $TMPDIR); the caller frees the name. */
char *test_dir_new(void);
/* Removes the folder with everything in it, and frees the name. */
void test_dir_remove(char *dir);

/* A small generator (xorshift64*), so that a printed seed gives the same run everywhere. */
struct test_random {
    uint64_t state;
};
/* From $TEST_SEED, else from the clock; prints the seed. */
struct test_random test_random_new(void);
uint64_t test_random_next(struct test_random *random);
uint32_t test_random_below(struct test_random *random, uint32_t bound);

/* Parsed JSON, failing the test when it is not. The caller owns it. */
json_t *test_json(const char *text);
/* The same, written with ' for ", which reads better in C. */
json_t *test_json_quoted(const char *text);

/* Demands AF_OK and prints the sentence when it is not. */
#define assert_ok(call)                                                                            \
    do {                                                                                           \
        struct error *err_ = &err;                                                                 \
        enum status status_ = (call);                                                              \
        if (status_ != AF_OK)                                                                      \
            fail_msg("%s: %s (%s)", #call, err_->text, status_name(status_));                      \
    } while (0)

/* Demands a refusal of this kind with a sentence. */
#define assert_refused(wanted, call)                                                               \
    do {                                                                                           \
        err.text[0] = '\0';                                                                        \
        assert_int_equal(wanted, call);                                                            \
        assert_true(err.text[0] != '\0');                                                          \
    } while (0)

#define assert_bytes_equal(a, b)                                                                   \
    do {                                                                                           \
        struct bytes a_ = (a), b_ = (b);                                                           \
        assert_int_equal(a_.len, b_.len);                                                          \
        if (a_.len > 0)                                                                            \
            assert_memory_equal(a_.data, b_.data, a_.len);                                         \
    } while (0)

#endif
