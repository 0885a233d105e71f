/* help.h: what `askfirst --help`, `askfirst COMMAND --help` and `askfirst help` print, made from
 * the tables of commands and options. Each answers an exit code. */
#ifndef ASKFIRST_INTAKE_CLI_HELP_H
#define ASKFIRST_INTAKE_CLI_HELP_H

#include "intake/cli/cli.h"

#include <stdio.h>

#define ASKFIRST_VERSION "0.1.0"

int help_all(FILE *out);
int help_command(const struct cli_command *command);
/* "askfirst ticket …" that named no command of the group. `word` may be NULL or "--help". */
int help_group(const char *group, const char *word);
/* "askfirst help ticket new" */
int help_words(int count, char **words);
int help_version(bool json);

#endif
