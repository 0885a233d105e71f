#include "intake/cli/commands.h"

const struct cli_command *const cli_commands[] = {
    &cmd_import,
    &cmd_search,
    &cmd_stats,
    NULL,
};
