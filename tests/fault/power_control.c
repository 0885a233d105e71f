/* The same images as power_test makes, of a build with a planted fault: exit 1 when one of them
 * shows it, 0 when none does. Built once for each fault (tests/fault.mk). */
#include "tests/fault/power.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    struct test_random random = test_random_new();
    struct power_result result;

    if (argc != 3)
        return 2;
    power_run(argv[1], strtoull(argv[2], NULL, 10), true, &random, &result);
    (void)printf("%llu images, %llu failures; %s\n", (unsigned long long)result.images,
                 (unsigned long long)result.failures, result.first);
    return result.failures > 0 ? 1 : 0;
}
