/* Parsing is getopt_long over a table made from the command's own; its messages are ours, since
 * one sentence with a hint helps more than "unrecognized option". */
#include "intake/cli/cli.h"

#include "data/base/limits.h"
#include "intake/cli/help.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* What every command takes; numbered behind its own options. */
enum { COMMON_DATA = 1000, COMMON_JSON, COMMON_HELP };

/* --- sentences ---------------------------------------------------------------------------- */

void cli_say(const char *fmt, ...)
{
    va_list args;

    (void)fflush(stdout);
    (void)fputs("askfirst: ", stderr);
    va_start(args, fmt);
    (void)vfprintf(stderr, fmt, args);
    va_end(args);
    (void)fputc('\n', stderr);
}

int cli_usage(const struct cli *cli, const char *fmt, ...)
{
    va_list args;

    (void)fputs("askfirst: ", stderr);
    va_start(args, fmt);
    (void)vfprintf(stderr, fmt, args);
    va_end(args);
    (void)fprintf(stderr, "; see: askfirst %s%s--help\n",
                  cli->command != NULL ? cli->command->name : "", cli->command != NULL ? " " : "");
    return CLI_USAGE;
}

int cli_fail(const struct error *err)
{
    cli_say("%s", err->text);
    return CLI_PART;
}

int cli_fail_open(const struct cli *cli, const struct error *err)
{
    if (err->status != AF_NOT_FOUND)
        return cli_fail(err);
    cli_say("nothing is stored in %s yet: import cases first, or name another folder with --data",
            cli->dir);
    return CLI_PART;
}

bool cli_number(const struct cli *cli, unsigned option, uint32_t min, uint32_t max,
                uint32_t otherwise, uint32_t *out)
{
    const char *text = cli->values[option];
    char *end;
    unsigned long number;

    *out = otherwise;
    if (text == NULL)
        return true;
    errno = 0;
    number = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || number < min ||
        number > max) {
        (void)cli_usage(cli, "--%s takes a number from %u to %u, not %s",
                        cli->command->options[option].name, min, max, text);
        return false;
    }
    *out = (uint32_t)number;
    return true;
}

bool cli_memory(const struct cli *cli, unsigned option, size_t *out)
{
    uint32_t mib;

    _Static_assert(INDEX_MEMORY_MIB == 512 && INDEX_MEMORY_MIB_MIN == 192, "CLI_MEMORY_HELP");
    *out = 0;
    if (!cli_number(cli, option, INDEX_MEMORY_MIB_MIN, INDEX_MEMORY_MIB_MAX, 0, &mib))
        return false;
    if (mib > 0)
        *out = (size_t)(mib - INDEX_BESIDE_MIB) << 20;
    return true;
}

void cli_join_rest(const struct cli *cli, unsigned first, struct buf *out)
{
    for (unsigned i = first; i < cli->rest_count; i++) {
        if (i > first)
            buf_add_u8(out, ' ');
        buf_add_str(out, cli->rest[i]);
    }
}

/* The version of a ticket that the person means; 0: whichever. False after a usage error. */
static bool take_if_version(const struct cli *cli, uint64_t *version)
{
    const struct cli_option *options = cli->command->options;
    uint32_t number = 0;

    if (strncmp(cli->command->name, "ticket ", 7) != 0)
        return true; /* a case's version is another thing */
    for (unsigned i = 0; options != NULL && options[i].name != NULL; i++)
        if (strcmp(options[i].name, CLI_IF_VERSION) == 0 &&
            !cli_number(cli, i, 1, UINT32_MAX, 0, &number))
            return false;
    *version = number;
    return true;
}

int cli_with_app(struct cli *cli, enum app_mode mode, cli_work_fn work_fn)
{
    struct cli_work work = {.cli = cli, .who = who_operator(), .code = CLI_DONE};
    struct error err;
    enum status status;

    if (!take_if_version(cli, &work.who.if_version))
        return CLI_USAGE;
    status = app_open(cli->dir, mode, &work.app, &err);
    if (status != AF_OK)
        return cli_fail_open(cli, &err);
    work.arena = arena_new(SEARCH_ARENA_BYTES);
    status = work.arena != NULL ? work_fn(&work, &err)
                                : error_set(&err, AF_NO_MEMORY, "no memory to start");
    if (status != AF_OK)
        work.code = cli_fail(&err);
    arena_free(work.arena);
    app_close(work.app);
    return work.code;
}

/* --- words -------------------------------------------------------------------------------- */

/* Finds "ticket new" by two words or "search" by one; *used says how many. NULL when there is
 * none; then *is_group says whether the first word begins several commands. */
static const struct cli_command *find(int argc, char **argv, int *used, bool *is_group)
{
    *is_group = false;
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        const char *name = cli_commands[i]->name;
        size_t len = strlen(argv[0]);

        if (strncmp(name, argv[0], len) != 0 || (name[len] != '\0' && name[len] != ' '))
            continue;
        if (name[len] == '\0') {
            *used = 1;
            return cli_commands[i];
        }
        *is_group = true;
        if (argc > 1 && strcmp(name + len + 1, argv[1]) == 0) {
            *used = 2;
            return cli_commands[i];
        }
    }
    return NULL;
}

static void make_long(const struct cli_command *command, struct option out[CLI_OPTIONS_MAX + 4])
{
    int n = 0;

    if (command->options != NULL)
        for (; command->options[n].name != NULL; n++) {
            assert(n < CLI_OPTIONS_MAX);
            out[n] = (struct option){
                command->options[n].name,
                command->options[n].value != NULL ? required_argument : no_argument, NULL, n + 1};
        }
    out[n++] = (struct option){"data", required_argument, NULL, COMMON_DATA};
    out[n++] = (struct option){"json", no_argument, NULL, COMMON_JSON};
    out[n++] = (struct option){"help", no_argument, NULL, COMMON_HELP};
    out[n] = (struct option){0};
}

static int bad_option(const struct cli *cli, int found, char **argv)
{
    const char *word = argv[optind - 1];

    if (found == ':')
        return cli_usage(cli, "%s needs a value", word);
    if (optopt > 0 && optopt < 256 && strncmp(word, "--", 2) != 0)
        return cli_usage(cli, "there is no option -%c", optopt);
    if (strchr(word, '=') != NULL && optopt != 0)
        return cli_usage(cli, "%.*s takes no value", (int)(strchr(word, '=') - word), word);
    return cli_usage(cli, "there is no option %s", word);
}

static int parse_and_run(struct cli *cli, int argc, char **argv)
{
    struct option options[CLI_OPTIONS_MAX + 4];
    int found;

    make_long(cli->command, options);
    optind = 0; /* glibc: begin anew */
    opterr = 0;
    while ((found = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
        if (found == COMMON_DATA)
            cli->dir = optarg;
        else if (found == COMMON_JSON)
            cli->json = true;
        else if (found == COMMON_HELP || found == 'h')
            return help_command(cli->command);
        else if (found == '?' || found == ':')
            return bad_option(cli, found, argv);
        else
            cli->values[found - 1] = optarg != NULL ? optarg : "";
    }
    cli->rest = argv + optind;
    cli->rest_count = (unsigned)(argc - optind);
    if (cli->rest_count < cli->command->rest_min)
        return cli_usage(cli, "something is missing: askfirst %s %s", cli->command->name,
                         cli->command->args);
    if (cli->rest_count > cli->command->rest_max)
        return cli_usage(cli, "%s is one word too many", cli->rest[cli->command->rest_max]);
    if (cli->dir == NULL || cli->dir[0] == '\0')
        return cli_usage(cli, "no folder for the data is known: give --data DIR");
    return cli->command->run(cli);
}

/* Options before the command; answers the index of the command's word, or -1 after it is done. */
static int before_command(struct cli *cli, int argc, char **argv, int *code)
{
    static const struct option options[] = {
        {"data",    required_argument, NULL, COMMON_DATA},
        {"json",    no_argument,       NULL, COMMON_JSON},
        {"help",    no_argument,       NULL, COMMON_HELP},
        {"version", no_argument,       NULL, 'V'        },
        {NULL,      0,                 NULL, 0          }
    };
    int found;

    opterr = 0;
    while ((found = getopt_long(argc, argv, "+:h", options, NULL)) != -1) {
        switch (found) {
        case COMMON_DATA:
            cli->dir = optarg;
            continue;
        case COMMON_JSON:
            cli->json = true;
            continue;
        case 'V':
            *code = help_version(cli->json);
            return -1;
        case COMMON_HELP:
        case 'h':
            *code = help_all(stdout);
            return -1;
        default:
            *code = bad_option(cli, found, argv);
            return -1;
        }
    }
    return optind;
}

int cli_main(int argc, char **argv)
{
    char *standard_dir = app_default_dir();
    struct cli cli = {.dir = standard_dir};
    bool is_group;
    int at, used = 0, code = CLI_USAGE;

    at = before_command(&cli, argc, argv, &code);
    if (at < 0)
        goto done;
    if (at == argc) {
        (void)help_all(stderr);
        goto done;
    }
    if (strcmp(argv[at], "help") == 0) {
        code = help_words(argc - at - 1, argv + at + 1);
        goto done;
    }
    cli.command = find(argc - at, argv + at, &used, &is_group);
    if (cli.command == NULL && is_group) {
        code = help_group(argv[at], argc - at > 1 ? argv[at + 1] : NULL);
    } else if (cli.command == NULL) {
        code = cli_usage(&cli, "there is no command %s", argv[at]);
    } else {
        argv[at + used - 1] = argv[0]; /* getopt skips the first word as the program's name */
        code = parse_and_run(&cli, argc - at - used + 1, argv + at + used - 1);
    }
done:
    free(standard_dir);
    return code;
}
