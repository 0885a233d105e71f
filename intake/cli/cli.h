/* cli.h: the command line: a table of commands, their options, help, and how they end.
 *
 * A command is a static struct cli_command and one function; options are a table too, so that
 * parsing, `--help` and the manual speak of the same ones. Words on stdout are the result,
 * sentences on stderr begin with "askfirst: ". */
#ifndef ASKFIRST_INTAKE_CLI_CLI_H
#define ASKFIRST_INTAKE_CLI_CLI_H

#include "intake/app.h"
#include "intake/who.h"

enum cli_exit {
    CLI_DONE = 0,
    CLI_PART = 1,  /* done in part, or an error of the data or the machine */
    CLI_USAGE = 2, /* the command was not understood; nothing was done */
};

#define CLI_OPTIONS_MAX 24

struct cli_option {
    const char *name;  /* without the hyphens; NULL ends a table */
    const char *value; /* "N", or NULL for a switch */
    const char *help;
};

struct cli;

struct cli_command {
    const char *name;                 /* "search", "ticket new" */
    const char *args;                 /* "[--limit N] QUERY..." as usage shows it */
    const char *summary;              /* one line, for the list */
    const char *details;              /* for --help; "" for none */
    const struct cli_option *options; /* --data, --json and --help go without saying */
    unsigned rest_min, rest_max;      /* words that are no options */
    int (*run)(struct cli *cli);
};

/* What one run of one command knows. */
struct cli {
    const struct cli_command *command;
    const char *dir; /* of the data */
    bool json;
    const char *values[CLI_OPTIONS_MAX]; /* by place in `options`; NULL: not given; "" a switch */
    char **rest;
    unsigned rest_count;
};

extern const struct cli_command *const cli_commands[]; /* ended by NULL */

/* Everything from the words to the exit code. */
int cli_main(int argc, char **argv);

/* Says the sentence on stderr and gives the exit code. */
int cli_fail(const struct error *err);
/* The same when the data could not be opened; that nothing is there yet gets a hint. */
int cli_fail_open(const struct cli *cli, const struct error *err);
int cli_usage(const struct cli *cli, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* "askfirst: …" on stderr. */
void cli_say(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* An option's value as a number within bounds; `otherwise` when it was not given. False after a
 * usage error was said. */
bool cli_number(const struct cli *cli, unsigned option, uint32_t min, uint32_t max,
                uint32_t otherwise, uint32_t *out);
/* --memory: bytes for building the index (index_set_build), 0 when it was not given. */
#define CLI_MEMORY_HELP "of the process while it indexes, in MiB (default 512, at least 192)"
bool cli_memory(const struct cli *cli, unsigned option, size_t *out);
static inline struct bytes cli_value(const struct cli *cli, unsigned option)
{
    return bytes_str(cli->values[option]);
}
static inline bool cli_given(const struct cli *cli, unsigned option)
{
    return cli->values[option] != NULL;
}

/* The words from `first` on, with blanks between them. */
void cli_join_rest(const struct cli *cli, unsigned first, struct buf *out);

/* --- opening and closing ------------------------------------------------------------------ */

struct cli_work {
    struct cli *cli;
    struct app *app;
    struct who who;      /* the operator */
    struct arena *arena; /* until the command ends */
    int code;            /* to end with when the work answers AF_OK; CLI_DONE at first */
};

typedef enum status (*cli_work_fn)(struct cli_work *work, struct error *err);

/* An option of commands "ticket …" that change one: cli_with_app reads it into who.if_version. */
#define CLI_IF_VERSION "if-version"
#define CLI_IF_VERSION_HELP "only while the ticket is at this version (as --json shows it)"

/* Opens the data, works, closes; says what failed. The exit code. */
int cli_with_app(struct cli *cli, enum app_mode mode, cli_work_fn work);

#endif
