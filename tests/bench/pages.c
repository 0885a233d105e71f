#include "tests/bench/pages.h"

#include "tests/bench/driver.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define PAGE ((size_t)4096)
#define TOUCHED_MAX 30000 /* each is a mapping of its own meanwhile, and has a neighbour: 65,530 */

#define EARLY_MAX 64

/* A signal has no argument to bring it along. */
static struct {
    uint8_t *base;
    size_t count;
    uint8_t *labels;
    uint32_t touched[TOUCHED_MAX];
    size_t touched_count;
    struct {
        struct bytes bytes;
        unsigned label;
    } early[EARLY_MAX]; /* given before the mapping was known */
    size_t early_count;
} watch;

/* No page of the mapping: the signal comes again, and ends the process as it would have. */
static void on_touch(int number, siginfo_t *info, void *context)
{
    size_t at = (size_t)((uint8_t *)info->si_addr - watch.base) / PAGE;

    (void)context;
    if ((uint8_t *)info->si_addr < watch.base || at >= watch.count ||
        watch.touched_count == TOUCHED_MAX ||
        mprotect(watch.base + at * PAGE, PAGE, PROT_READ) != 0)
        signal(number, SIG_DFL);
    else
        watch.touched[watch.touched_count++] = (uint32_t)at;
}

static bool find_mapping(const char *path_end, char path[4096])
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[4200];
    bool found = false;

    while (!found && maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        unsigned long from;
        size_t len, end = strlen(path_end);

        if (sscanf(line, "%lx-%*x %*s %*s %*s %*s %4095[^\n]", &from, path) != 2)
            continue;
        len = strlen(path);
        found = len >= end && strcmp(path + len - end, path_end) == 0;
        watch.base = (uint8_t *)from;
    }
    if (maps != NULL)
        fclose(maps);
    return found;
}

void pages_open(const char *path_end)
{
    struct sigaction action = {.sa_sigaction = on_touch, .sa_flags = SA_SIGINFO};
    char path[4096];
    struct stat file;

    if (!find_mapping(path_end, path) || stat(path, &file) != 0)
        die("no file that ends in %s is mapped", path_end);
    watch.count = (size_t)file.st_size / PAGE;
    watch.labels = calloc(watch.count + 1, 1);
    if (watch.labels == NULL || sigaction(SIGSEGV, &action, NULL) != 0)
        die("pages cannot be watched");
    for (size_t i = 0; i < watch.early_count; i++)
        pages_label(watch.early[i].bytes, watch.early[i].label);
}

static void protect(int how)
{
    if (mprotect(watch.base, watch.count * PAGE, how) != 0)
        die("pages cannot be watched");
}

void pages_begin(void)
{
    watch.touched_count = 0;
    protect(PROT_NONE);
}

void pages_end(uint64_t sums[PAGES_LABELS])
{
    protect(PROT_READ);
    for (size_t i = 0; i < watch.touched_count; i++)
        sums[watch.labels[watch.touched[i]]]++;
}

void pages_label(struct bytes bytes, unsigned label)
{
    if (watch.labels == NULL && watch.early_count < EARLY_MAX) {
        watch.early[watch.early_count].bytes = bytes;
        watch.early[watch.early_count++].label = label;
    }
    if (watch.labels == NULL || bytes.data < watch.base ||
        bytes.data >= watch.base + watch.count * PAGE || bytes.len == 0)
        return;
    for (size_t at = (size_t)(bytes.data - watch.base) / PAGE;
         at <= (size_t)(bytes.data + bytes.len - 1 - watch.base) / PAGE; at++)
        watch.labels[at] = (uint8_t)label;
}
