/* commands.h: every command of the command line; each stands in cmd_*.c. The list that is
 * searched and shown, in its order, is in commands.c. */
#ifndef ASKFIRST_INTAKE_CLI_COMMANDS_H
#define ASKFIRST_INTAKE_CLI_COMMANDS_H

#include "intake/cli/cli.h"

#define CLI_REST_MANY UINT32_MAX

extern const struct cli_command cmd_import, cmd_search, cmd_stats;

#endif
