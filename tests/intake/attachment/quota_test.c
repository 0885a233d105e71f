#include "tests/harness.h"

#include "data/base/limits.h"
#include "intake/attachment/quota.h"

#include <stdio.h>

#define HOUR_MS 3600000ll

static void an_address_has_so_many_files_and_bytes_an_hour(void **state)
{
    struct quota *quota;
    struct error err;

    (void)state;
    assert_ok(quota_new(&quota, &err));
    for (int i = 0; i < UPLOAD_HOUR_FILES_MAX; i++)
        assert_ok(quota_take(quota, BYTES_LIT("a"), 1, 10, 1000 + i, &err));
    assert_refused(AF_BUSY, quota_take(quota, BYTES_LIT("a"), 1, 10, 2000, &err));
    assert_ok(quota_take(quota, BYTES_LIT("b"), 1, UPLOAD_HOUR_BYTES_MAX, 2000, &err));
    assert_refused(AF_BUSY, quota_take(quota, BYTES_LIT("b"), 1, 1, 2000, &err));
    assert_refused(AF_BUSY, quota_take(quota, BYTES_LIT("a"), 1, 1, 999 + HOUR_MS, &err));
    assert_ok(quota_take(quota, BYTES_LIT("a"), 1, 1, 1000 + HOUR_MS, &err));
    assert_ok(quota_take(quota, BYTES_LIT("b"), 1, 1, 0, &err)); /* the clock was set back */
    quota_free(quota);
}

static void of_too_many_addresses_the_oldest_is_forgotten(void **state)
{
    struct quota *quota;
    struct error err;
    char address[16];

    (void)state;
    assert_ok(quota_new(&quota, &err));
    assert_ok(quota_take(quota, BYTES_LIT("first"), UPLOAD_HOUR_FILES_MAX, 0, 1, &err));
    for (int i = 0; i < 5000; i++) {
        (void)snprintf(address, sizeof address, "%d", i);
        assert_ok(quota_take(quota, bytes_str(address), UPLOAD_HOUR_FILES_MAX, 0, 10 + i, &err));
    }
    assert_refused(AF_BUSY, quota_take(quota, BYTES_LIT("4999"), 1, 0, 5010, &err));
    assert_ok(quota_take(quota, BYTES_LIT("first"), 1, 0, 5010, &err));
    quota_free(quota);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_has_so_many_files_and_bytes_an_hour),
        cmocka_unit_test(of_too_many_addresses_the_oldest_is_forgotten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
