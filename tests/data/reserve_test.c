#include "tests/harness.h"

#include "data/reserve.h"
#include "tests/fault/disk.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

static int64_t reserve_bytes(const char *dir)
{
    char path[4096];
    struct stat st;

    (void)snprintf(path, sizeof path, "%s/reserve", dir);
    return stat(path, &st) == 0 ? st.st_size : -1;
}

static void it_is_laid_down_only_with_ample_room(void **state)
{
    char *dir = test_dir_new();

    (void)state;
    disk_hooks.free_bytes = RESERVE_FREE_MIN - 4096;
    assert_false(reserve_keep(dir));
    assert_int_equal(-1, reserve_bytes(dir));
    disk_hooks.free_bytes = RESERVE_FREE_MIN;
    assert_true(reserve_keep(dir));
    assert_int_equal(RESERVE_BYTES, reserve_bytes(dir));
    disk_hooks.free_bytes = 0; /* once there, it counts */
    assert_true(reserve_keep(dir));
    disk_hooks.free_bytes = -1;
    test_dir_remove(dir);
}

static void it_is_given_back_once(void **state)
{
    char *dir = test_dir_new();

    (void)state;
    disk_hooks.free_bytes = RESERVE_FREE_MIN;
    assert_true(reserve_keep(dir));
    assert_true(reserve_release(dir));
    assert_int_equal(-1, reserve_bytes(dir));
    assert_false(reserve_release(dir));
    disk_hooks.free_bytes = -1;
    test_dir_remove(dir);
}

static struct disk_fault no_room(enum disk_call call, int fd)
{
    (void)fd;
    return (struct disk_fault){.error = call == DISK_ALLOCATE ? ENOSPC : 0};
}

static void half_of_it_is_not_left_behind(void **state)
{
    char *dir = test_dir_new();

    (void)state;
    disk_hooks = (struct disk_hooks){.before = no_room, .free_bytes = RESERVE_FREE_MIN};
    assert_false(reserve_keep(dir));
    disk_hooks = (struct disk_hooks){.free_bytes = -1};
    assert_int_equal(-1, reserve_bytes(dir));
    test_dir_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_laid_down_only_with_ample_room),
        cmocka_unit_test(it_is_given_back_once),
        cmocka_unit_test(half_of_it_is_not_left_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
