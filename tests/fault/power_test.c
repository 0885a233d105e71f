/* POWER_IMAGES sets the number of images (default 10000); TEST_SEED repeats a run. */
#include "tests/fault/power.h"

#include "data/base/clock.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define IMAGES 10000
#define CONTROL_IMAGES 500

/* In memory where there is such a folder: what is synced is decided here, not by a disk. */
static char *fast_dir_new(void)
{
    static const char pattern[] = "/dev/shm/askfirst-XXXXXX";
    char path[sizeof pattern];

    memcpy(path, pattern, sizeof pattern);
    return mkdtemp(path) != NULL ? strdup(path) : test_dir_new();
}

static void no_acknowledged_command_is_lost_to_a_power_cut(void **state)
{
    const char *given = getenv("POWER_IMAGES");
    uint64_t images = given != NULL ? strtoull(given, NULL, 10) : IMAGES;
    struct test_random random = test_random_new();
    struct power_result result;
    char *dir = fast_dir_new();
    int64_t start_us = clock_steady_us();

    (void)state;
    power_run(dir, images, false, &random, &result);
    test_dir_remove(dir);
    print_message("power cuts: %llu images of %llu runs with %llu commands, %llu sectors dropped, "
                  "%llu kept; failures %llu; %.1f s\n",
                  (unsigned long long)result.images, (unsigned long long)result.runs,
                  (unsigned long long)result.commands, (unsigned long long)result.dropped_sectors,
                  (unsigned long long)result.kept_sectors, (unsigned long long)result.failures,
                  (double)(clock_steady_us() - start_us) / 1e6);
    if (result.failures > 0)
        fail_msg("%s", result.first);
    assert_int_equal(images, result.images);
    assert_true(result.dropped_sectors > 0);
}

/* The path of a program beside this one. */
static void beside(const char *name, char path[PATH_MAX])
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

    assert_true(n > 0);
    self[n] = '\0';
    assert_true((size_t)snprintf(path, PATH_MAX, "%s/%s", dirname(self), name) < PATH_MAX);
}

static int run_control(const char *name)
{
    char path[PATH_MAX], count[16];
    char *dir = fast_dir_new();
    int how = 0;
    pid_t pid;

    beside(name, path);
    (void)snprintf(count, sizeof count, "%d", CONTROL_IMAGES);
    pid = fork();
    if (pid == 0) {
        (void)execl(path, path, dir, count, (char *)NULL);
        _exit(127);
    }
    assert_true(pid > 0);
    while (waitpid(pid, &how, 0) < 0 && errno == EINTR)
        continue;
    test_dir_remove(dir);
    assert_true(WIFEXITED(how));
    return WEXITSTATUS(how);
}

/* Without these, the zero above would mean nothing. */
static void a_build_that_does_not_sync_is_found_out(void **state)
{
    (void)state;
    assert_int_equal(1, run_control("power-no_sync"));
}

static void a_build_that_does_not_sync_its_meta_page_is_found_out(void **state)
{
    (void)state;
    assert_int_equal(1, run_control("power-no_metasync"));
}

static void a_build_that_acknowledges_before_its_commit_is_found_out(void **state)
{
    (void)state;
    assert_int_equal(1, run_control("power-ack_early"));
}

static void the_same_control_without_a_fault_finds_nothing(void **state)
{
    (void)state;
    assert_int_equal(0, run_control("power-none"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_acknowledged_command_is_lost_to_a_power_cut),
        cmocka_unit_test(a_build_that_does_not_sync_is_found_out),
        cmocka_unit_test(a_build_that_does_not_sync_its_meta_page_is_found_out),
        cmocka_unit_test(a_build_that_acknowledges_before_its_commit_is_found_out),
        cmocka_unit_test(the_same_control_without_a_fault_finds_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
